using Gateway.Storage.Local.Journal;

namespace Gateway.Limits.CrashChild;

/// <summary>A disk that passes a fail point before and after everything that the journal does with it.</summary>
internal sealed class FailingDisk(IJournalDisk disk, FailPoint point) : IJournalDisk
{
    private Action _putInUse = static () => { };

    public IJournalFile? Open(string name) => disk.Open(name);

    public IJournalFile Create(string name)
    {
        if (name == JournalWitness.NewName)
            return disk.Create(name);
        var file = new File(disk.Create(name), point);
        _putInUse = () => file.IsInUse = true;
        return file;
    }

    public void Rename(string from, string to)
    {
        disk.Rename(from, to);
        if (to == JournalWitness.Name)
            return;
        point.Pass("compaction-after-rename");
        _putInUse();
    }

    public void SyncFolder() => disk.SyncFolder();

    private sealed class File(IJournalFile file, FailPoint point) : IJournalFile
    {
        /// <summary>False while it is written beside the one in use.</summary>
        public bool IsInUse { get; set; }

        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (!IsInUse)
            {
                file.Append(bytes);
                return;
            }

            point.Pass("before-write");
            if (point.IsNow("within-write"))
            {
                file.Append(bytes[..(bytes.Length / 2)]);
                FailPoint.End();
            }

            file.Append(bytes);
            point.Pass("after-write");
        }

        public void Sync()
        {
            if (!IsInUse) point.Pass("compaction-after-temp");
            file.Sync();
            if (!IsInUse) point.Pass("compaction-after-fsync");
        }

        public void Dispose() => file.Dispose();
    }
}
