namespace Gateway.Server.Tests.Commands;

/// <summary>Every user of a machine reads its command lines; the store's password is not for them.</summary>
public sealed class StorePasswordTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-store-");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("postgres://gateway:a-secret@127.0.0.1:1/gateway", true)]
    [InlineData("postgres://gateway@127.0.0.1:1/gateway", false)]
    public async Task Warns_of_a_password_on_the_command_line_and_does_not_repeat_it(string url, bool isWarned)
    {
        using var run = new CliWatch(
            _folder.Path, new Uri("http://127.0.0.1:1"), "", "run", "--listen", "http://127.0.0.1:0", "--store", url);
        var said = new StringBuilder();
        string? line;
        do
        {
            line = await run.ReadErrorAsync();
            said.AppendLine(line);
        }
        while (line?.Contains("cannot start yet", StringComparison.Ordinal) == false);

        // The database may start later: the gateway waits, and ends in order when it is asked to.
        Assert.Contains("It tries again in 0.5 s.", line, StringComparison.Ordinal);
        Assert.Equal(0, await run.InterruptAsync());
        Assert.Equal(isWarned, said.ToString().Contains("warning: --store holds a password", StringComparison.Ordinal));
        Assert.DoesNotContain("a-secret", said.ToString(), StringComparison.Ordinal);
    }
}
