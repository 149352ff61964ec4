namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>What a process that is killed leaves of its folder.</summary>
internal static class KilledCopy
{
    /// <summary>What kill -9 would leave at this instant: the bytes that the kernel has.</summary>
    public static TestFolder Copy(this TestFolder folder)
    {
        var copy = new TestFolder();
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            if (file.EndsWith(".lock", StringComparison.Ordinal)) continue;
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(copy.Path, Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return copy;
    }
}
