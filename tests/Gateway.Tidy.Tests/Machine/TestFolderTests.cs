namespace Gateway.Tidy.Tests.Machine;

/// <summary>The clean-up of every other test.</summary>
public sealed class TestFolderTests
{
    [Fact]
    public void Goes_with_all_that_is_in_it()
    {
        var folder = new TestFolder();
        folder.File("a/b/file", "text");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Does_not_mind_that_it_is_gone()
    {
        var folder = new TestFolder();
        Directory.Delete(folder.Path);

        folder.Dispose();
    }

    [Fact]
    public async Task Fails_nobody_while_somebody_still_writes_there()
    {
        var folder = new TestFolder();
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() => WriteUntil(folder.Path, stop.Token));

        folder.Dispose();

        await stop.CancelAsync();
        await writer;
        folder.Dispose();
        Assert.False(Directory.Exists(folder.Path));
    }

    private static void WriteUntil(string folder, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, $"{i}"), "");
            }
            catch (IOException)
            {
                // Removed in between: it comes back with the next file.
            }
        }
    }
}
