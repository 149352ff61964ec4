using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Memory;

/// <summary>What programs say is held of their grant's memory: 8 MiB here.</summary>
public sealed class ProgramMemoryTests : IAsyncLifetime, IDisposable
{
    private const int GrantMax = 8 * 1024 * 1024;

    private readonly TestFolder _folder = new();
    private readonly HttpClient _agent = StdioBench.Authorized(TestTokens.Agent);
    private readonly HttpClient _other = StdioBench.Authorized(TestTokens.Other);
    private GatewayProcess _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayProcess.StartAsync(
        StdioBench.WriteConfig(_folder.Path, env: ", \"LARGE\": \"2000000\""),
        Path.Combine(_folder.Path, "data"), "--memory-max", "24");

    public async Task DisposeAsync()
    {
        _agent.Dispose();
        _other.Dispose();
        await _gateway.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public async Task A_line_without_an_end_ends_its_program_once_the_grant_holds_what_it_may()
    {
        using var answer = await PostAsync(_agent, StdioBench.Call("flood"), await OpenAsync(_agent));

        Assert.Equal(502, (int)answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("the gateway had no memory for the output of its program", text, StringComparison.Ordinal);
        Assert.Contains("may have been executed", text, StringComparison.Ordinal);
        Assert.Null(answer.Headers.RetryAfter);
        Assert.Equal(200, await CallAsync(_agent, "large"));
        await Soon.UntilAsync(async () => await HeldAsync() == 0, "everything is given back");
        var metrics = await MetricsAsync();
        Assert.Contains("gateway_memory_refused_total{bound=\"grant\",use=\"answer\"} 1", metrics);
        Assert.Contains("gateway_stdio_ends_total{reason=\"no_memory\",server=\"srv\"} 1", metrics);
    }

    [LinuxFact]
    public async Task A_program_that_chatters_to_nobody_is_kept_waiting_and_its_answer_then_ended()
    {
        using var answer = await PostAsync(_agent, StdioBench.Call("chatter"), await OpenAsync(_agent));
        Assert.Equal(200, (int)answer.StatusCode);

        // It stands still while nobody reads, for as long as an answer may wait.
        await Soon.UntilAsync(async () => (await MetricsAsync()).Contains(
            "gateway_memory_waits_total{use=\"answer\"} 1", StringComparison.Ordinal), "it has to wait");
        Assert.InRange(await HeldAsync(), GrantMax - (512 * 1024), GrantMax);
        var said = SaidLines();
        Assert.Equal(200, await CallAsync(_other, "large"));
        Assert.InRange(SaidLines() - said, 0, 100);

        var body = await answer.Content.ReadAsStreamAsync();
        await Soon.UntilAsync(async () => await HeldAsync() < GrantMax / 2, "the answer is ended");
        using var reader = new StreamReader(body);
        var last = (await reader.ReadToEndAsync()).TrimEnd().Split("\n\n")[^1];
        Assert.Contains("\"error\"", last, StringComparison.Ordinal);
        Assert.Contains("may have been executed", last, StringComparison.Ordinal);
        Assert.Contains("gateway_memory_refused_total{bound=\"grant\",use=\"answer\"}", await MetricsAsync());
        Assert.Equal(200, await CallAsync(_agent, "large"));
    }

    [LinuxFact]
    public async Task A_program_whose_client_reads_goes_on_and_what_is_kept_of_it_ends_with_its_session()
    {
        var session = await OpenAsync(_agent);
        using (var answer = await PostAsync(_agent, StdioBench.Call("chatter"), session))
        {
            var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[64 * 1024];
            for (var read = 0; read < 3 * GrantMax;)
                read += await body.ReadAsync(buffer) is > 0 and var count ? count : throw new EndOfStreamException();
        }

        // The last 64 messages are kept for whoever comes next.
        await Soon.UntilAsync(async () => await HeldAsync() is > 0 and <= 64 * 4200, "the queue is given back");
        using var end = new HttpRequestMessage(HttpMethod.Delete, new Uri(_gateway.Address, "/mcp/srv"));
        end.Headers.Add("Mcp-Session-Id", session);
        using var ended = await _agent.SendAsync(end);
        Assert.Equal(200, (int)ended.StatusCode);
        await Soon.UntilAsync(async () => await HeldAsync() == 0, "everything is given back");
        Assert.DoesNotContain("gateway_memory_refused_total{", await MetricsAsync(), StringComparison.Ordinal);
    }

    // A session's program, which says a point for each line that its pipe has taken.
    private long SaidLines() =>
        new FileInfo(Path.Combine(_folder.Path, "record.chatter")) is { Exists: true } said ? said.Length : 0;

    private async Task<int> CallAsync(HttpClient client, string tool)
    {
        using var answer = await PostAsync(client, StdioBench.Call(tool), await OpenAsync(client));
        Assert.DoesNotContain("error", (await answer.Content.ReadAsStringAsync())[..100], StringComparison.Ordinal);
        return (int)answer.StatusCode;
    }

    private async Task<string> OpenAsync(HttpClient client)
    {
        using var answer = await PostAsync(client, StdioBench.Initialize, null);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<HttpResponseMessage> PostAsync(HttpClient client, string message, string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Address, "/mcp/srv"))
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private Task<string> MetricsAsync() => _agent.GetStringAsync(new Uri(_gateway.Address, "/metrics"));

    private async Task<long> HeldAsync() => long.Parse((await MetricsAsync()).Split('\n')
        .Single(static line => line.StartsWith("gateway_memory_held_bytes{} ", StringComparison.Ordinal))
        .Split(' ')[1]);
}
