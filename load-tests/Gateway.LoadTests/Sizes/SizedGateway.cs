using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Sizes;

/// <summary>A gateway over one configuration file and data directory that can be started repeatedly.</summary>
internal sealed class SizedGateway : IDisposable
{
    private readonly TestFolder _folder = new("gateway-sizes-");
    private readonly string _program;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false });
    private GatewayProcess? _process;

    /// <exception cref="FileNotFoundException">The gateway is not built.</exception>
    public SizedGateway(string? gateway, JsonObject config)
    {
        _program = Tools.Gateway(gateway);
        config["admin"] = new JsonObject { ["key"] = ScenarioBench.AdminKey };
        File.WriteAllText(ConfigPath, config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    /// <summary>The time from the last start to ready, in milliseconds.</summary>
    public double ReadyMs => _process!.ReadyAfter.TotalMilliseconds;

    public double MemoryMegabytes => _process!.MemoryBytes / 1e6;

    public TimeSpan CpuTime => _process!.CpuTime;

    private string ConfigPath => Path.Combine(_folder.Path, "gateway.json");

    public async Task StartAsync(CancellationToken cancellation) => _process = await GatewayProcess.StartAsync(
        _program, ConfigPath, Path.Combine(_folder.Path, "data"), [], 0, cancellation);

    /// <summary>Ends it in order.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends a request to the admin API and returns the response.</summary>
    /// <exception cref="InvalidOperationException">The gateway refused it.</exception>
    public async Task<string> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"http://{_process!.Address}/api/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ScenarioBench.AdminKey);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? text : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>Calls a tool that no policy allows, which exercises everything except a server.</summary>
    public async Task CallAsync(string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"http://{_process!.Address}/mcp/{ScenarioBench.Server}")
        {
            Content = new ByteArrayContent(CallRequest.Body("unknown")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode || !text.Contains("isError", StringComparison.Ordinal))
            throw new InvalidOperationException($"A call was answered {(int)answer.StatusCode}: {text}");
    }

    public void Dispose()
    {
        _process?.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }
}
