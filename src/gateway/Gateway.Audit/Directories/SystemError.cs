using System.Runtime.InteropServices;

namespace Gateway.Audit.Directories;

/// <summary>What the system said about a file or directory, in its own words and without a path.</summary>
public static class SystemError
{
    private const int NoSpace = 28;
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int ErrnoMax = 4096;

    /// <summary>"No space left on device", "Permission denied", and so on.</summary>
    internal static string Words(Exception exception) => Errno(exception) is { } errno
        ? Marshal.GetPInvokeErrorMessage(errno)
        : exception.Message.TrimEnd('.');

    /// <summary>Whether another process holds the file.</summary>
    public static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 32 or 33
        : Errno(exception) == (OperatingSystem.IsMacOS() ? WouldBlockOnMac : WouldBlock);

    /// <summary>Whether the volume is full.</summary>
    public static bool IsFull(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 39 or 112
        : Errno(exception) == NoSpace;

    /// <summary>On Unix the error's number is what the exception, or the one inside it, carries.</summary>
    internal static int? Errno(Exception exception)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var number = exception.InnerException is IOException inner ? inner.HResult : exception.HResult;
        return number is > 0 and < ErrnoMax ? number : null;
    }
}
