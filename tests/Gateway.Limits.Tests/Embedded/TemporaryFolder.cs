namespace Gateway.Limits.Tests.Embedded;

/// <summary>A folder that goes when the test does.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("limits-").FullName;

    /// <summary>What kill -9 would leave at this instant: the bytes that the kernel has.</summary>
    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path))
        {
            if (file.EndsWith(".lock", StringComparison.Ordinal)) continue;
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
