import CPNG
import Foundation

/// Writes pictures with libpng, by its simplified interface: the other one reports errors with longjmp.
enum PNG {
  struct WriteError: Error, CustomStringConvertible {
    let description: String
  }

  /// Writes a square picture of three bytes a pixel.
  static func write(_ pixels: [UInt8], size: Int, to file: URL) throws {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(size)
    image.height = png_uint_32(size)
    image.format = png_uint_32(PNG_FORMAT_RGB)
    defer { png_image_free(&image) }
    if png_image_write_to_file(&image, file.path, 0, pixels, png_int_32(size * 3), nil) == 0 {
      let reason = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw WriteError(description: "\(file.path): \(reason)")
    }
  }
}
