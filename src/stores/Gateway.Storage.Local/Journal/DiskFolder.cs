namespace Gateway.Storage.Local.Journal;

internal sealed class DiskFolder(string path) : IJournalDisk
{
    /// <inheritdoc/>
    public IJournalFile? Open(string name)
    {
        var file = Path.Combine(path, name);
        return File.Exists(file) ? new DiskFile(Handle(file, FileMode.Open)) : null;
    }

    /// <inheritdoc/>
    public IJournalFile Create(string name)
    {
        var handle = Handle(Path.Combine(path, name), FileMode.Create);
        // Only the owner may read who used which counters.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new DiskFile(handle);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) =>
        File.Move(Path.Combine(path, from), Path.Combine(path, to), overwrite: true);

    /// <inheritdoc/>
    public void SyncFolder() => FolderSync.Sync(path);

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Handle(string file, FileMode mode) =>
        File.OpenHandle(file, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    private sealed class DiskFile(Microsoft.Win32.SafeHandles.SafeFileHandle handle) : IJournalFile
    {
        public long Length { get; private set; } = RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, Length);
            Length += bytes.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
