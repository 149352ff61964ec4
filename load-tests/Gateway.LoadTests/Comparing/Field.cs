using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Comparing;

/// <summary>All processes of a comparison, over one server.</summary>
internal sealed class Field : IDisposable
{
    private const string Token = "side-by-side-token-0001";
    private const string ConfigName = "gateway.json";
    private const string Config = """
        {
          "servers": { "afip": { "url": "http://127.0.0.1:PORT/mcp" } },
          "policies": { "load": { "version": "1", "default": "deny", "tools": {
            "issue": { "limits": [ { "counter": "calls", "max": 1000000000, "window": "day" } ] },
            "scarce": { "limits": [ { "counter": "few", "max": 1, "window": "day" } ] } } } },
          "grants": { "agent": { "server": "afip", "policy": "load", "token": "TOKEN" } }
        }
        """;

    private readonly TestFolder _folder = new("side-by-side-");
    private readonly List<IDisposable> _running = [];
    private readonly int _serverPort = Ports.Free();

    private Field(string wrk) => Wrk = new Wrk(wrk, _folder.Path, Token);

    /// <summary>The contestants in the order of their turns; the first is the server by itself.</summary>
    public List<Contestant> Contestants { get; } = [];

    /// <summary>The gateways, default and inline.</summary>
    public List<GatewayProcess> Gateways { get; } = [];

    /// <summary>The programs that this machine lacks, and that are therefore omitted.</summary>
    public List<string> Missing { get; } = [];

    public Wrk Wrk { get; }

    /// <exception cref="FileNotFoundException">wrk or nginx is missing, or the gateway is not built.</exception>
    public static async Task<Field> StartAsync(string? gateway, string? before, CancellationToken cancellationToken)
    {
        var field = new Field(Needed("wrk"));
        try
        {
            field.StartOthers(Needed("nginx"));
            await field.StartBareAsync(cancellationToken);
            await field.StartGatewaysAsync("", Tools.Gateway(gateway), cancellationToken);
            if (before is not null)
                await field.StartGatewaysAsync(Comparison.Before, Tools.Gateway(before), cancellationToken);
            return field;
        }
        catch
        {
            field.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var running in _running)
            running.Dispose();
        _folder.Dispose();
    }

    private void StartOthers(string nginx)
    {
        var server = Keep(Nginx(nginx, "server", ProxyConfigs.Server(_folder.Path, _serverPort)));
        Contestants.Add(Contestant.Of("server directly", _serverPort, "issue", server));
        var port = Ports.Free();
        var proxy = Keep(Nginx(nginx, "proxy", ProxyConfigs.NginxProxy(_folder.Path, port, _serverPort)));
        Contestants.Add(Contestant.Of("nginx", port, "issue", proxy));
        if (Tools.Find("haproxy") is not { } haproxy)
        {
            Missing.Add("haproxy");
            return;
        }

        port = Ports.Free();
        var config = Write("haproxy.cfg", ProxyConfigs.Haproxy(port, _serverPort));
        Contestants.Add(Contestant.Of(
            "haproxy", port, "issue", Keep(ServerProcess.Start(haproxy, ["-db", "-f", config]))));
    }

    // The lower bound: the platform's cost of a call that is not read, counted or recorded.
    private async Task StartBareAsync(CancellationToken cancellationToken)
    {
        if (Tools.BareProxy() is null)
        {
            Missing.Add("the bare proxy (load-tests/Gateway.BareProxy)");
            return;
        }

        foreach (var (name, isInline) in new[] { (Comparison.Bare, false), (Comparison.BareInline, true) })
        {
            var (process, address) = await BareProxy.StartAsync(
                new Uri($"http://127.0.0.1:{_serverPort}/mcp"), isInline, cancellationToken);
            Contestants.Add(Contestant.Of(name, address.Port, "issue", Keep(process)));
        }
    }

    /// <summary>Starts an additional gateway over its own data directory, and ends it.</summary>
    /// <returns>The time until it was ready, in milliseconds, and its memory a second later, in MB.</returns>
    public async Task<(double ReadyMs, double IdleMb)> StartOnceAsync(
        string program, CancellationToken cancellationToken)
    {
        using var data = new TestFolder("side-by-side-start-");
        using var gateway = await GatewayProcess.StartAsync(
            program, Path.Combine(_folder.Path, ConfigName), data.Path, [], 0, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return (gateway.ReadyAfter.TotalMilliseconds, gateway.MemoryBytes / 1e6);
    }

    private async Task StartGatewaysAsync(string prefix, string program, CancellationToken cancellationToken)
    {
        var config = Write(ConfigName, Config.Replace("PORT", $"{_serverPort}", StringComparison.Ordinal)
            .Replace("TOKEN", Token, StringComparison.Ordinal));
        (string Name, string[] More)[] ways =
            [($"{prefix}gateway", []), ($"{prefix}gateway inline", ["--io", "inline"])];
        foreach (var (name, more) in ways)
        {
            var gateway = Keep(await GatewayProcess.StartAsync(
                program, config, Path.Combine(_folder.Path, name.Replace(": ", "-", StringComparison.Ordinal)), more, 0,
                cancellationToken));
            Gateways.Add(gateway);
            Contestants.Add(Contestant.Of(name, "issue", gateway));
            Contestants.Add(Contestant.Of($"{name}, denied", "unknown", gateway));
            Contestants.Add(Contestant.Of($"{name}, rate limited", "scarce", gateway));
        }
    }

    private ServerProcess Nginx(string program, string name, string config) =>
        ServerProcess.Start(program, ["-p", _folder.Path, "-c", Write($"{name}.conf", config)]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private T Keep<T>(T running)
        where T : IDisposable
    {
        _running.Add(running);
        return running;
    }

    private static string Needed(string program) => Tools.Find(program)
        ?? throw new FileNotFoundException($"{program} is not on this machine; on Debian: apt-get install {program}");
}
