using System.Net.Sockets;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Processes;
using Gateway.TestHarness.Postgres;

namespace Gateway.LoadTests.Limiters;

/// <summary>
/// nginx with a fixed window in Redis, in the way that gateways over Redis count: the proxy's own clock determines the
/// window, and the call is refused if Redis does not respond.
/// </summary>
internal sealed class NginxSide : ILimiterSide
{
    private const string ModuleFolder = "/usr/lib/nginx/modules";
    private const string Client = "/usr/share/lua/5.1/nginx/redis.lua";

    // nginx clears its environment, and libfaketime reads it again every ten seconds.
    private const string Modules = $"""
        load_module {ModuleFolder}/ndk_http_module.so;
        load_module {ModuleFolder}/ngx_http_lua_module.so;
        env FAKETIME;
        """;

    private readonly TestFolder _folder = new("limiters-nginx-");
    private readonly List<ServerProcess> _proxies = [];
    private readonly List<IPEndPoint> _targets = [];
    private readonly string _redisProgram;
    private readonly int _redisPort = Ports.Free();
    private readonly string _counting;
    private readonly bool _keepsEach;
    private ServerProcess _redis;

    private NginxSide(string name, string redis, string counting, bool keepsEach)
    {
        (Name, _redisProgram, _counting, _keepsEach) = (name, redis, counting, keepsEach);
        _redis = StartRedis();
    }

    public string Name { get; }

    public IReadOnlyList<IPEndPoint> Targets => _targets;

    public TimeSpan CpuTime => _proxies.Aggregate(_redis.CpuTime, static (sum, proxy) => sum + proxy.CpuTime);

    /// <summary>Returns the parts that this machine lacks; null if all are present.</summary>
    public static string? Missing() =>
        Tools.Find("redis-server") is null ? "redis-server"
        : Tools.Find("nginx") is null ? "nginx"
        : !File.Exists($"{ModuleFolder}/ngx_http_lua_module.so") ? "libnginx-mod-http-lua"
        : !File.Exists(Client) ? "lua-nginx-redis"
        : null;

    /// <param name="name">The name in the table.</param>
    /// <param name="options">The options, which contain the limit.</param>
    /// <param name="server">The server behind it.</param>
    /// <param name="counting">The way it counts: one of <see cref="RedisCounting"/>.</param>
    /// <param name="keepsEach">True if Redis writes each command to a file (<c>appendonly</c>).</param>
    /// <param name="aheadSeconds">The seconds by which the clock of each proxy is ahead; one proxy for each.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<NginxSide> StartAsync(
        string name, LimitersOptions options, Uri server, string counting, bool keepsEach,
        IReadOnlyList<double> aheadSeconds,
        CancellationToken cancellationToken)
    {
        var side = new NginxSide(name, Tools.Find("redis-server")!, counting, keepsEach);
        try
        {
            foreach (var ahead in aheadSeconds)
                await side.StartProxyAsync(options, server, ahead, cancellationToken);
            await ListensAsync(side._redisPort, cancellationToken);
            return side;
        }
        catch
        {
            side.Dispose();
            throw;
        }
    }

    public Task KillAsync(CancellationToken cancellationToken)
    {
        _redis.Kill();
        _redis.Dispose();
        _redis = StartRedis();
        return ListensAsync(_redisPort, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
        _redis.Dispose();
        _folder.Dispose();
    }

    private ServerProcess StartRedis() => ServerProcess.Start(_redisProgram,
    [
        "--port", $"{_redisPort}", "--bind", "127.0.0.1", "--dir", _folder.Path,
        .. _keepsEach ? ["--appendonly", "yes"] : Array.Empty<string>(),
    ]);

    private async Task StartProxyAsync(
        LimitersOptions options, Uri server, double ahead, CancellationToken cancellationToken)
    {
        var (port, name) = (Ports.Free(), $"proxy-{_proxies.Count}");
        var config = _folder.File($"{name}.conf", ProxyConfigs.Nginx(
            _folder.Path, name, Http(options, port, server.Port), Modules));
        _proxies.Add(ServerProcess.Start(
            Tools.Find("nginx")!, ["-p", _folder.Path, "-c", config],
            ahead == 0 ? null : FakeTime.Shift(FormattableString.Invariant($"+{ahead}")).ToDictionary()));
        _targets.Add(new IPEndPoint(IPAddress.Loopback, port));
        await ListensAsync(port, cancellationToken);
    }

    private static async Task ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(5, patience.Token);
            }
        }
    }

    private string Http(LimitersOptions options, int port, int serverPort) => $$"""
          lua_package_path "/usr/share/lua/5.1/?.lua;;";
          upstream mcp { server 127.0.0.1:{{serverPort}}; keepalive 256; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              access_by_lua_block {
                local token = ngx.var.http_authorization or ""
                local window = {{options.WindowSeconds}}
                local start = math.floor(ngx.time() / window) * window
                local key = "limit:" .. token
                local max = {{options.Max}}
                if string.find(token, "{{LimiterToken.Speed}}", 1, true) then max = {{LimiterToken.SpeedMax}} end
                local store = require("nginx.redis"):new()
                store:set_timeout(1000)
                if not store:connect("127.0.0.1", {{_redisPort}}) then return ngx.exit(503) end
                {{_counting}}
                if type(count) ~= "number" then return ngx.exit(503) end
                store:set_keepalive(10000, 256)
                if count > max then return ngx.exit(429) end
              }
              proxy_pass http://mcp;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        """;
}
