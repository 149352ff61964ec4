using System.Runtime.InteropServices;

namespace Gateway.Audit.Directories;

/// <summary>Reads the operating system's error of a file or directory operation, without a path.</summary>
public static class SystemError
{
    private const int NoSpace = 28;
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int ErrnoMax = 4096;

    /// <summary>Returns the system's own text, such as "No space left on device" or "Permission denied".</summary>
    internal static string Words(Exception exception) => Errno(exception) is { } errno
        ? Marshal.GetPInvokeErrorMessage(errno)
        : exception.Message.TrimEnd('.');

    /// <summary>Returns true if another process has locked the file.</summary>
    public static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 32 or 33
        : Errno(exception) == (OperatingSystem.IsMacOS() ? WouldBlockOnMac : WouldBlock);

    /// <summary>Returns true if the volume is full.</summary>
    public static bool IsFull(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 39 or 112
        : Errno(exception) == NoSpace;

    /// <summary>Returns the Unix error number that the exception, or its inner exception, carries.</summary>
    internal static int? Errno(Exception exception)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var number = exception.InnerException is IOException inner ? inner.HResult : exception.HResult;
        return number is > 0 and < ErrnoMax ? number : null;
    }
}
