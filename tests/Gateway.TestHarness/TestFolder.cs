namespace Gateway.TestHarness;

/// <summary>
/// A temporary folder for one test, removed with it if possible. A process that was just killed may still write there,
/// and a failed cleanup must not hide the result of the test.
/// </summary>
/// <param name="prefix">The beginning of the folder's name.</param>
public sealed class TestFolder(string prefix = "gateway-test-") : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

#pragma warning disable RS0030 // This is the folder that the rule leads to.
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;
#pragma warning restore RS0030

    /// <summary>Writes a file and its parent folders; returns its path.</summary>
    public string File(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Returns the files that contain a text, also those that a process has open.</summary>
    public IReadOnlyList<string> FilesWith(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return
        [
            .. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
                .Where(file => ContentOf(file).AsSpan().IndexOf(bytes) >= 0),
        ];
    }

    private static byte[] ContentOf(string file)
    {
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
        catch (IOException)
        {
            // A lock, or a file that is written just now under a temporary name.
            return [];
        }
    }

    /// <summary>Removes the folder with its content; leaves it if that fails repeatedly.</summary>
    public void Dispose() => SpinWait.SpinUntil(IsRemoved, Patience);

    private bool IsRemoved()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file appeared after the folder was listed, or another process has one open.
        }

        return !Directory.Exists(Path);
    }
}
