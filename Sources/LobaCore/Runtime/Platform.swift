// What the core needs of the C library.
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

func environmentVariable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}

/// How many processors there are to run on.
var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// The number that a text is as C reads it, all of it; nil if it is none.
func numeralOfC(_ text: String) -> Double? {
  text.withCString { start in
    var end: UnsafeMutablePointer<CChar>?
    let number = strtod(start, &end)
    return !text.isEmpty && end.map { $0.pointee == 0 } == true ? number : nil
  }
}

func free(_ pointer: UnsafeMutablePointer<CChar>) {
  free(UnsafeMutableRawPointer(pointer))
}

func freeMemory(_ pointer: UnsafeMutableRawPointer?) {
  free(pointer)
}
