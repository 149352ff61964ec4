namespace Gateway.Server.Tests.Stdio;

/// <summary>A real gateway in front of <c>tests/stdio/child.sh</c>, and what reached the child.</summary>
internal sealed class StdioBench : IAsyncDisposable
{
    public const string AllowAll = """{ "version": "1", "default": "allow" }""";
    public const string Initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
        "clientInfo":{"name":"test","version":"1"}}}
        """;

    private static int _benches;
    private readonly GatewayHost _host;
    private readonly TestFolder _folder;

    private StdioBench(GatewayHost host, TestFolder folder, string server)
    {
        (_host, _folder, Server) = (host, folder, server);
        Endpoint = new Uri(new Uri(host.Addresses[0]), $"/mcp/{server}");
        Client = Authorized(TestTokens.Agent);
    }

    public static string Script { get; } = SourceTree.PathOf("tests", "stdio", "child.sh");

    public string Folder => _folder.Path;

    /// <summary>
    /// The server's name, no other bench's: meters are the process's, so the numbers of one name are all benches'.
    /// </summary>
    public string Server { get; }

    public Uri Endpoint { get; }

    public Uri Metrics => new(Endpoint, "/metrics");

    public HttpClient Client { get; }

    /// <summary>The administrator's key.</summary>
    public string AdminKey => _host.NewAdminKey!;

    public string RecordPath => Path.Combine(Folder, "record");

    public string PidsPath => Path.Combine(Folder, "pids");

    /// <summary>The lines that reached children, in order.</summary>
    public string[] Lines => File.Exists(RecordPath) ? File.ReadAllLines(RecordPath) : [];

    /// <summary>The processes of children, and what they forked.</summary>
    public int[] Pids => File.Exists(PidsPath)
        ? [.. File.ReadAllLines(PidsPath).Select(static line => int.Parse(line, null))]
        : [];

    public static Task<StdioBench> StartAsync(
        string policy = AllowAll, string argument = "", string env = "", string command = "/bin/sh", string more = "",
        int programsMax = 256)
    {
        var (folder, name) = (new TestFolder("gateway-stdio-"), NewName());
        return StartHostAsync(folder, name, WriteConfig(folder.Path, policy, argument, env, command, more, name),
            programsMax);
    }

    /// <summary>A gateway in front of another program, given as its registration.</summary>
    public static Task<StdioBench> StartProgramAsync(string server, string policy = AllowAll)
    {
        var (folder, name) = (new TestFolder("gateway-stdio-"), NewName());
        server = server.Replace("FOLDER", folder.Path, StringComparison.Ordinal);
        return StartHostAsync(folder, name, WriteFile(folder.Path, policy, server, name));
    }

    public static string WriteConfig(
        string folder, string policy = AllowAll, string argument = "", string env = "", string command = "/bin/sh",
        string more = "", string name = "srv") =>
        WriteFile(folder, policy, $$"""
            { "command": "{{command}}", "args": ["{{Script}}", "{{argument}}", "a b", "$HOME"], "cwd": "{{folder}}",
              "env": { "RECORD": "{{folder}}/record", "PIDS": "{{folder}}/pids"{{env}} }{{more}} }
            """, name);

    public static HttpClient Authorized(string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static string Call(string tool, string id = "1", string more = "") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{}{{{more}}}}}""";

    /// <summary>The same call in the shape of 2026-07-28.</summary>
    public static string StatelessCall(string tool, string id = "1", string meta = "") => Call(tool, id, $$$"""
        ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"{{{meta}}}}
        """.Trim());

    /// <summary>Starts a session; its id as the client sees it.</summary>
    public async Task<string> OpenAsync(HttpClient? client = null)
    {
        using var answer = await PostAsync(Initialize, null, client);
        Assert.Equal(200, (int)answer.StatusCode);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public async Task<HttpResponseMessage> PostAsync(
        string body, string? session, HttpClient? client = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (body.Contains("2026-07-28", StringComparison.Ordinal))
            AddMirrors(request, JsonDocument.Parse(body).RootElement);
        return await (client ?? Client).SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The text of a tool's answer, or of the error in its place.</summary>
    public async Task<string> CallAsync(string body, string? session, HttpClient? client = null)
    {
        using var answer = await PostAsync(body, session, client);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Returns how many of its programs run, as the gateway says.</summary>
    public async Task<int> RunningAsync()
    {
        var cli = new Cli(Folder, new Uri(Endpoint, "/"), AdminKey);
        var listed = JsonNode.Parse((await cli.RunAsync("server", "list", "--json")).Output)!;
        return listed[0]!["programs"]!["children"]!.AsArray().Count;
    }

    public Task<string> MetricsTextAsync() => Client.GetStringAsync(Metrics);

    /// <summary>Returns once its metrics tell this: of a child's end they do a moment after it.</summary>
    public Task HasSeriesAsync(string series) => Soon.UntilAsync(
        async () => (await MetricsTextAsync()).Contains($"{series}\n", StringComparison.Ordinal), series);

    public async ValueTask DisposeHostAsync() => await _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private static string NewName() => $"srv{Interlocked.Increment(ref _benches)}";

    private static async Task<StdioBench> StartHostAsync(
        TestFolder folder, string name, string config, int programsMax = 256)
    {
        var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Program = Path.Combine(AppContext.BaseDirectory, "gateway.dll"),
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = config },
                Programs = new() { ProgramsMax = programsMax },
                DrainTime = TimeSpan.FromSeconds(2),
            },
            CancellationToken.None);
        return new StdioBench(host, folder, name);
    }

    private static string WriteFile(string folder, string policy, string server, string name)
    {
        var path = Path.Combine(folder, "gateway.json");
        File.WriteAllText(path, $$"""
            {
              "servers": { "{{name}}": {{server}} },
              "policies": { "policy": {{policy}} },
              "grants": {
                "agent": { "server": "{{name}}", "policy": "policy", "token": "{{TestTokens.Agent}}" },
                "other": { "server": "{{name}}", "policy": "policy", "token": "{{TestTokens.Other}}" }
              }
            }
            """);
        return path;
    }

    private static void AddMirrors(HttpRequestMessage request, JsonElement message)
    {
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", message.GetProperty("method").GetString());
        if (message.GetProperty("params").TryGetProperty("name", out var name))
            request.Headers.Add("Mcp-Name", name.GetString());
    }
}
