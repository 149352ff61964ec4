namespace Gateway.Fleet.Tests.Migrations;

/// <summary>Agents that call at one address whichever gateway listens there, and sort every answer.</summary>
internal sealed class MigrationLoad(int port, params string[] tools) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private Task _calls = Task.CompletedTask;

    /// <summary>A call that a connection was refused for: nothing was sent, as at every restart.</summary>
    public const string NotConnected = "not connected";

    public const string Admitted = "admitted";
    public const string Refused = "refused";
    public const string Unavailable = "denied as unavailable";
    public const string Unready = "503 with Retry-After";

    public IReadOnlyDictionary<string, int> Answers => _answers;

    public int Of(string answer) => _answers.GetValueOrDefault(answer);

    public void Start() => _calls = Task.WhenAll(tools.Select(FireAsync));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _calls;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task FireAsync(string tool)
    {
        // A connection a call: one that the server closes while a request is on its way says nothing about the call.
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
        });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_stop.IsCancellationRequested)
        {
            _answers.AddOrUpdate(await CallAsync(client, tool), 1, static (_, count) => count + 1);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<string> CallAsync(HttpClient client, string tool)
    {
        try
        {
            using var content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{} } }""",
                new MediaTypeHeaderValue("application/json"));
            using var response = await client.PostAsync($"http://127.0.0.1:{port}/mcp/srv", content);
            var text = await response.Content.ReadAsStringAsync();
            return response.StatusCode == HttpStatusCode.OK && text.Contains("\"done\"", StringComparison.Ordinal)
                ? Admitted
                : text.Contains("\"outcome\":\"unavailable\"", StringComparison.Ordinal) ? Unavailable
                : text.Contains("Policy violation", StringComparison.Ordinal) ? Refused
                : response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null
                    ? Unready : $"{(int)response.StatusCode}: {text}";
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return NotConnected;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"no answer: {e.InnerException?.Message ?? e.Message}, after {string.Join(", ", _answers.Keys)}";
        }
    }
}
