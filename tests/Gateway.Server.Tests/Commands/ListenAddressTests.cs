namespace Gateway.Server.Tests.Commands;

/// <summary>An address that cannot be listened on: one line with the way out, exit code 2, no stack.</summary>
public sealed class ListenAddressTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-listen-");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:99999", "99999 is not a valid port")]
    [InlineData("http://127.0.0.1:-1", "-1 is not a valid port")]
    [InlineData("http://127.0.0.1:x", "is not an IP address")]
    [InlineData("http://gateway.example:8085", "is not an IP address")]
    [InlineData("http://8085", "is not an IP address")]
    [InlineData("127.0.0.1:8085", "look like http://127.0.0.1:8080")]
    [InlineData("ftp://127.0.0.1:8085", "begin with http:// or https://")]
    [InlineData("http://127.0.0.1:8085/mcp", "end with the port")]
    [InlineData("http://192.0.2.7:8085", "no network interface of this machine has that address")]
    [InlineData("https://127.0.0.1:8085", "needs a certificate")]
    [InlineData("", "look like http://127.0.0.1:8080")]
    public async Task Refuses_an_address_that_is_none_in_one_line(string listen, string words)
    {
        var run = await RunAsync("--listen", listen);

        // The interface may come up later.
        IsRefused(run, words, words.StartsWith("no network interface", StringComparison.Ordinal) ? 3 : 2);
    }

    [Theory]
    [InlineData("--listen")]
    [InlineData("--admin-listen")]
    public async Task Refuses_a_port_that_is_taken(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string[] listen = option == "--listen" ? [] : ["--listen", "http://127.0.0.1:0"];

        var run = await RunAsync([.. listen, option, $"http://127.0.0.1:{port}"]);

        IsRefused(run, $"port {port} is in use", exitCode: 3);
    }

    [Fact]
    public async Task Start_that_fails_keeps_no_admin_key_and_the_next_start_shows_one_that_works()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var failed = await RunAsync("--listen", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        string? shown = null;
        await using var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                ShowAdminKey = key => shown = key,
            },
            CancellationToken.None);

        Assert.DoesNotContain("admin key", failed.Output, StringComparison.Ordinal);
        Assert.NotNull(shown);
        var status = await new Cli(_folder.Path, new Uri(host.Addresses[0]), shown).RunAsync("status");
        Assert.Equal((0, ""), (status.ExitCode, status.Errors));
    }

    [Fact]
    public async Task Refuses_a_certificate_that_cannot_be_used_or_would_not_be()
    {
        var certificate = new TestCertificate(_folder.Path);
        certificate.Write("one");
        var other = new TestCertificate(_folder.Path, "other");
        other.Write("two");
        const string Tls = "https://127.0.0.1:0";

        IsRefused(await RunAsync("--listen", Tls, "--tls-cert", "/nowhere.crt"), "the file does not exist");
        IsRefused(await RunAsync("--listen", Tls, "--tls-cert", _folder.Path), "is a directory");
        IsRefused(
            await RunAsync("--listen", Tls, "--tls-cert", certificate.Certificate, "--tls-key", other.Key),
            "its own key");
        IsRefused(await RunAsync("--listen", Tls, "--tls-cert", certificate.Key), "PEM certificate");
        IsRefused(
            await RunAsync("--tls-cert", certificate.Certificate, "--tls-key", certificate.Key),
            "no address begins with https://");
        IsRefused(await RunAsync("--listen", Tls, "--tls-key", certificate.Key), "--tls-key needs --tls-cert");
    }

    private static void IsRefused(CliRun run, string words, int exitCode = 2)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => line.StartsWith("gateway cannot start", StringComparison.Ordinal)
                || line.StartsWith("--", StringComparison.Ordinal));
        Assert.Single(lines);
        Assert.DoesNotContain("listens on", run.Output, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] arguments) =>
        new Cli(_folder.Path).RunAsync(["run", "--data", Path.Combine(_folder.Path, "data"), .. arguments]);
}
