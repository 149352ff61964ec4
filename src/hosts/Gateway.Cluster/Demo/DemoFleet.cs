using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Hosting.Demo;
using Gateway.Proxy.Upstreams.Stdio.Processes;

namespace Gateway.Cluster.Demo;

/// <summary>Two silos and two frontends over a file store, all on 127.0.0.1.</summary>
internal sealed class DemoFleet : IAsyncDisposable
{
    private const int Each = 2;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan OwnerPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly HttpMessageInvoker _client =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    private readonly List<Member> _silos = [];
    private readonly List<Member> _frontends = [];
    private readonly IReadOnlyList<string> _program;
    private readonly TimeProvider _time;

    private DemoFleet(IReadOnlyList<string> program, DemoFolder folder, TimeProvider time)
    {
        (_program, _time) = (program, time);
        Store = Path.Combine(folder.Path, "store");
    }

    /// <summary>The folder that the fleet shares.</summary>
    public string Store { get; }

    /// <summary>The addresses of the frontends.</summary>
    public IReadOnlyList<Uri> Frontends => [.. _frontends.Select(static one => one.Address)];

    /// <summary>The MCP endpoints of the frontends.</summary>
    public IReadOnlyList<Uri> Endpoints =>
        [.. Frontends.Select(static one => new Uri(one, $"mcp/{DemoFolder.ServerName}"))];

    /// <summary>Returns the command line of the current program.</summary>
    public static IReadOnlyList<string> ThisProgram() =>
        SupervisorStart.Of(typeof(DemoFleet).Assembly.Location) is { } start
            ? [start.Path, .. start.Arguments[..^1]]
            : throw new InvalidOperationException("The system does not report the path of this program.");

    /// <exception cref="IOException">A process did not become ready; the message contains its last lines.</exception>
    public static async Task<DemoFleet> StartAsync(
        IReadOnlyList<string> program, DemoFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var fleet = new DemoFleet(program, folder, time);
        try
        {
            for (var number = 0; number < Each; number++)
            {
                fleet._silos.Add(fleet.Start("silo", "--admin-listen"));
                fleet._frontends.Add(fleet.Start(
                    "frontend", "--listen", "--config", folder.ConfigPath, "--data", $"{folder.DataPath}-{number}"));
            }

            foreach (var one in fleet._silos.Concat(fleet._frontends)) await fleet.ReadyAsync(one, cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the silo that owns the counter with this name prefix; returns the number of that silo.</summary>
    /// <exception cref="IOException">No silo reports that it owns the counter.</exception>
    public async Task<int> KillOwnerAsync(string counter, CancellationToken cancellationToken)
    {
        for (var began = _time.GetTimestamp(); _time.GetElapsedTime(began) < OwnerPatience;)
        {
            foreach (var silo in _silos)
            {
                using var answer = await GetAsync(silo, "metrics", cancellationToken);
                var metrics = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (!metrics.Split('\n').Any(line =>
                    line.StartsWith("gateway_counter_busiest{", StringComparison.Ordinal)
                    && line.Contains($"\"{counter}", StringComparison.Ordinal)))
                {
                    continue;
                }

                silo.Process.Kill();
                await silo.Process.WaitForExitAsync(cancellationToken);
                return _silos.IndexOf(silo) + 1;
            }

            await Task.Delay(LookAgain, _time, cancellationToken);
        }

        throw new IOException($"no silo reports that it owns {counter}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _frontends.Concat(_silos)) await one.DisposeAsync();
        _client.Dispose();
    }

    private Member Start(string role, string listen, params IEnumerable<string> more)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(
            _program[0],
            [
                .. _program.Skip(1), "--role", role, "--store", "file:" + Store, "--silo-port", $"{FreePort()}",
                "--client-port", $"{FreePort()}", listen, address.GetLeftPart(UriPartial.Authority), "--log-level",
                "warning", .. more,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Variables of the user's shell are for another fleet.
        foreach (var name in start.Environment.Keys.ToList())
            if (name.StartsWith("GATEWAY_", StringComparison.Ordinal)) start.Environment.Remove(name);
        return new Member(role, address, start);
    }

    private async Task ReadyAsync(Member member, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (!member.Process.HasExited && _time.GetElapsedTime(began) < StartPatience)
        {
            try
            {
                using var answer = await GetAsync(member, "readyz", cancellationToken);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // The process does not listen yet.
            }

            await Task.Delay(LookAgain, _time, cancellationToken);
        }

        throw new IOException($"a {member.Role} did not become ready: {member.LastLines}");
    }

    private async Task<HttpResponseMessage> GetAsync(Member member, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(member.Address, path));
        return await _client.SendAsync(request, cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>One process of the fleet; it is killed at the end.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private const int LinesMax = 20;
        private readonly ConcurrentQueue<string> _lines = new();

        public Member(string role, Uri address, ProcessStartInfo start)
        {
            (Role, Address, Process) = (role, address, new Process { StartInfo = start });
            Process.OutputDataReceived += (_, line) => Keep(line.Data);
            Process.ErrorDataReceived += (_, line) => Keep(line.Data);
            Process.Start();
            Process.BeginOutputReadLine();
            Process.BeginErrorReadLine();
        }

        public string Role { get; }

        public Uri Address { get; }

        public Process Process { get; }

        public string LastLines => string.Join('\n', _lines);

        public async ValueTask DisposeAsync()
        {
            Process.Kill(entireProcessTree: true);
            await Process.WaitForExitAsync();
            Process.Dispose();
        }

        private void Keep(string? line)
        {
            if (line is null) return;
            _lines.Enqueue(line);
            if (_lines.Count > LinesMax) _lines.TryDequeue(out _);
        }
    }
}
