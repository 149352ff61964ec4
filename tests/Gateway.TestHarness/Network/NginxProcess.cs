namespace Gateway.TestHarness.Network;

/// <summary>A real nginx in front of one address, as a child process with a configuration of its own.</summary>
public sealed class NginxProcess : IAsyncDisposable
{
    private const string Program = "nginx";
    private readonly TestFolder _folder = new("gateway-nginx-");
    private readonly List<string> _errors = [];
    private Process? _process;

    private NginxProcess(int port) => Address = new Uri($"http://127.0.0.1:{port}");

    /// <summary>The reason why it cannot run here; null if it can.</summary>
    public static string? Missing { get; } =
        Executable is null ? "nginx is missing; install the Debian package nginx" : null;

    /// <summary>The address that it listens on.</summary>
    public Uri Address { get; }

    private static string? Executable => SearchPath.Folders.Append("/usr/sbin")
        .Select(static folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    /// <summary>Starts it in front of an address.</summary>
    /// <param name="upstream">The address that it passes requests on to.</param>
    /// <param name="location">Further directives; everything else has the values that nginx has by default.</param>
    public static async Task<NginxProcess> StartAsync(Uri upstream, string location = "")
    {
        var nginx = new NginxProcess(Ports.Free());
        try
        {
            await nginx.RunAsync(upstream, location);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task RunAsync(Uri upstream, string location)
    {
        var temporary = string.Join('\n', new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }
            .Select(one => $"{one}_temp_path {_folder.Path}/{one};"));
        // As root, nginx would run its worker as nobody, which may not read the folder.
        var user = Environment.UserName == "root" ? "user root;" : "";
        var config = _folder.File("nginx.conf", $$"""
            {{user}}
            daemon off;
            worker_processes 1;
            pid {{_folder.Path}}/nginx.pid;
            events { worker_connections 512; }
            http {
              access_log off;
              {{temporary}}
              server {
                listen 127.0.0.1:{{Address.Port}};
                location / {
                  proxy_pass {{upstream.GetLeftPart(UriPartial.Authority)}};
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Proto $scheme;
                  {{location}}
                }
              }
            }
            """);
        var start = new ProcessStartInfo(Executable!, ["-p", _folder.Path, "-e", "stderr", "-c", config])
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("nginx did not start");
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
        await Soon.UntilAsync(() => process.HasExited || Ports.IsOpen(Address.Port), "nginx listens");
        if (process.HasExited)
            throw new InvalidOperationException($"nginx ended: {Errors}");
    }

    private string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }
}

/// <summary>A test that needs nginx; without it, it is skipped, or fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = Requirements.SkipWithout(NginxProcess.Missing);
}
