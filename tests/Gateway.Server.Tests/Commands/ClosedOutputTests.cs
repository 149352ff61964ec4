namespace Gateway.Server.Tests.Commands;

/// <summary>Verbs whose standard output is closed, full, or read by nobody.</summary>
public sealed class ClosedOutputTests : IClassFixture<ManagedGateway>
{
    private const string Unread = "{ \"$@\"; echo $? >&2; } | true";
    private const string Closed = "\"$@\" >&-; echo $? >&2";
    private const string SaidOfClosed =
        "Standard output is closed. Redirect it to /dev/null if you do not need it.\n3\n";

    private readonly ManagedGateway _gateway;

    public ClosedOutputTests(ManagedGateway gateway) => _gateway = gateway;

    [Theory]
    [InlineData(Unread, "141\n", "config", "validate", "gateway.json")]
    [InlineData(Unread, "141\n", "server", "list")]
    [InlineData(Closed, SaidOfClosed, "config", "validate", "gateway.json")]
    [InlineData("\"$@\" >/dev/full; echo $? >&2", "The output could not be written: No space left on device.\n3\n",
        "config", "validate", "gateway.json")]
    public async Task Verb_ends_without_a_stack_trace(string script, string errors, params string[] arguments)
    {
        if (OperatingSystem.IsLinux())
            Assert.Equal(errors, await RunAsync(script, arguments));
    }

    [Theory]
    [InlineData(Unread, "Nothing reads the output, so the command was not carried out.\n141\n")]
    [InlineData(Closed, SaidOfClosed)]
    public async Task Secret_that_cannot_be_printed_is_not_created(string script, string errors)
    {
        if (!OperatingSystem.IsLinux())
            return;

        Assert.Equal(errors, await RunAsync(script, ["grant", "create", "unseen", "--server", "crm=one"]));

        Assert.DoesNotContain("unseen", await _gateway.WellAsync("grant", "list"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string script, string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh", ["-c", script, "sh", .. Programs.Command(Programs.Gateway, arguments)])
        {
            WorkingDirectory = _gateway.Folder,
            RedirectStandardError = true,
        };
        start.Environment["GATEWAY_URL"] = _gateway.Address.ToString();
        start.Environment["GATEWAY_ADMIN_KEY"] = ManagedGateway.AdminKey;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Soon.AtMost);
        return errors;
    }
}
