using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Logs;

/// <summary>What an operator reads of what begins and ends by itself: programs, and requests for approval.</summary>
public sealed class LifeLogTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-life-");

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public async Task Says_for_whom_a_program_was_started_and_that_it_ended_with_its_session()
    {
        await using var gateway = await StartAsync(StdioBench.WriteConfig(_folder.Path));
        using var client = gateway.Client();
        var session = await OpenAsync(client);
        var process = File.ReadAllText(Path.Combine(_folder.Path, "pids")).Trim();

        await gateway.SaysAsync($": srv [{process}]: started for agent");
        client.DefaultRequestHeaders.Add("Mcp-Session-Id", session);
        (await client.DeleteAsync("")).Dispose();

        await gateway.SaysAsync($": srv [{process}]: ended: ");
        Assert.Matches($@"info  [A-Za-z.]+: srv \[{process}\]: ended: [^\n]*session", gateway.Errors);
        Assert.DoesNotContain("warn ", gateway.Errors, StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("die", "its program ended with exit code 3.")]
    [InlineData("vanish", "its program was ended by signal 9.")]
    public async Task Warns_of_a_program_that_ended_by_itself_with_the_reason(string tool, string why)
    {
        await using var gateway = await StartAsync(StdioBench.WriteConfig(_folder.Path));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Add("Mcp-Session-Id", await OpenAsync(client));
        var process = File.ReadAllText(Path.Combine(_folder.Path, "pids")).Trim();

        (await PostAsync(client, StdioBench.Call(tool))).Dispose();

        await gateway.SaysAsync($": srv [{process}]: {why}");
        Assert.Matches($@"warn  [A-Za-z.]+: srv \[{process}\]: {why}", gateway.Errors);
    }

    [Fact]
    public async Task Says_that_a_request_for_approval_expired_with_no_answer()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var gateway = await StartAsync(TestConfig.Write(_folder.Path, server.Url, """
            { "version": "1", "default": "deny", "tools": {
              "pay": { "action": "approve", "approval": { "expires": "1s", "wait": "0s" } } } }
            """));
        using var client = gateway.Client();
        (await PostAsync(client, StdioBench.Call("pay", "1"))).Dispose();

        await gateway.SaysAsync(" expired without a decision: agent's call of pay at srv");

        Assert.Matches("info  [A-Za-z.]+: Approval [0-9a-f]{32} expired without a decision: ", gateway.Errors);
    }

    private Task<GatewayProcess> StartAsync(string config) =>
        GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"));

    private static async Task<string> OpenAsync(HttpClient client)
    {
        using var answer = await PostAsync(client, StdioBench.Initialize);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string text)
    {
        using var body = new StringContent(text, new MediaTypeHeaderValue("application/json"));
        return await client.PostAsync("", body);
    }
}
