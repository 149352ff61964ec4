namespace Gateway.Faults.Load;

/// <summary>
/// The sessions that session limits count. All agents share one for each tool, at any gateway, and open another after a
/// bounded number of calls.
/// </summary>
internal sealed class Sessions
{
    public const string Header = "Mcp-Session-Id";

    private const int CallsMax = 40;
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"faults","version":"1"}}}""";
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Id, int Calls)> _current = [];

    /// <summary>Returns a session for calls of this tool; null if none could be opened here now.</summary>
    public async Task<string?> TakeAsync(HttpClient client, string tool)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(tool, out var known) && known.Calls < CallsMax)
            {
                _current[tool] = known with { Calls = known.Calls + 1 };
                return known.Id;
            }
        }

        // Several agents may open one at the same time: the last is kept, and each other serves one call.
        var opened = await OpenAsync(client);
        lock (_lock)
        {
            if (opened is not null) _current[tool] = (opened, 1);
        }

        return opened;
    }

    /// <summary>Removes a session in which a call failed, so that the next call opens another.</summary>
    public void Forget(string tool, string session)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(tool, out var known) && known.Id == session) _current.Remove(tool);
        }
    }

    private static async Task<string?> OpenAsync(HttpClient client)
    {
        try
        {
            using var content = new StringContent(Initialize, new MediaTypeHeaderValue("application/json"));
            using var response = await client.PostAsync("", content);
            return response.Headers.TryGetValues(Header, out var ids) ? ids.Single() : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
