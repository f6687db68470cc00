internal import CPNG
public import Foundation

/// Writes pictures with libpng, by its simplified interface: the other one reports errors with longjmp.
public enum PNG {
  struct WriteError: Error, CustomStringConvertible {
    let description: String
  }

  /// Writes a picture of three bytes a pixel, row by row.
  ///
  /// - Throws: If the file cannot be written.
  public static func write(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, to file: URL
  ) throws {
    precondition(pixels.count == width * height * 3)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = png_uint_32(PNG_FORMAT_RGB)
    defer { png_image_free(&image) }
    if png_image_write_to_file(&image, file.path, 0, pixels.baseAddress, png_int_32(width * 3), nil) == 0 {
      let reason = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw WriteError(description: "\(file.path): \(reason)")
    }
  }
}
