namespace Gateway.TestHarness;

/// <summary>
/// A new folder of a test's own, gone with it where that can be had: what was just killed may still write there, and
/// whatever a test found out must not be lost to its clean-up.
/// </summary>
/// <param name="prefix">What the folder's name begins with.</param>
public sealed class TestFolder(string prefix = "gateway-test-") : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

#pragma warning disable RS0030 // This is the folder that the rule leads to.
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;
#pragma warning restore RS0030

    /// <summary>Writes a file, and the folders on its way; its path.</summary>
    public string File(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Removes the folder with all that is in it; leaves it where that fails again and again.</summary>
    public void Dispose() => SpinWait.SpinUntil(IsRemoved, Patience);

    private bool IsRemoved()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file came after the folder was listed, or another process holds one.
        }

        return !Directory.Exists(Path);
    }
}
