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
        var run = await new Cli(_folder.Path).RunAsync("run", "--listen", "http://127.0.0.1:0", "--store", url);

        // The database may start later, so a supervisor repeats the start.
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(isWarned, run.Errors.Contains("warning: --store holds a password", StringComparison.Ordinal));
        Assert.Contains("gateway cannot start", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", run.Output + run.Errors, StringComparison.Ordinal);
    }
}
