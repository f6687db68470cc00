internal import Foundation

/// The memory of this process that is in use, in bytes; nil where the system does not tell as Linux does, and under a
/// sanitizer, which keeps freed memory.
package func residentMemory() -> Int? {
  if isCheckedBySanitizer { return nil }
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
  let fields = text.split(separator: " ")
  return fields.count > 1 ? Int(fields[1]).map { $0 * pageSize } : nil
}

private var pageSize: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }

/// Whether the program runs under a sanitizer, which is slower and keeps memory.
package var isCheckedBySanitizer: Bool { dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil }
