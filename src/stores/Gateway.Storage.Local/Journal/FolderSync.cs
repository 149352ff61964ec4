using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Syncs a folder, because a loss of power may otherwise undo a rename. .NET cannot open folders on Unix, so this calls
/// the C library; Windows journals its names by itself.
/// </summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Returns once the folder's names are on the disk.</summary>
    /// <exception cref="IOException">The operating system reported an error.</exception>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly);
        if (descriptor < 0) throw Failure("open", path);
        try
        {
            if (Fsync(descriptor) != 0) throw Failure("sync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string verb, string path) =>
        new($"Cannot {verb} the folder {path}: error {Marshal.GetLastPInvokeError()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
