using System.CommandLine;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Tests.Settings;

public sealed class ClusterCommandTests
{
    private ClusterSettings? _settings;

    [Fact]
    public async Task Takes_the_command_line()
    {
        Assert.Equal(0, await RunAsync(
            "--role", "frontend", "--clustering", "postgres", "--store", "postgres://gateway@db/gateway",
            "--listen", "http://127.0.0.1:1,http://127.0.0.1:2", "--listen", "http://127.0.0.1:3",
            "--client-port", "30001", "--windows", "strict", "--linger", "90s", "--memory-max", "48",
            "--public-url", "https://gateway.example.com"));

        Assert.Equal(ClusterRole.Frontend, _settings!.Role);
        Assert.Equal(ClusteringKind.Postgres, _settings.Clustering);
        Assert.Equal("postgres://gateway@db/gateway", _settings.Store);
        Assert.Equal(["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"], _settings.Listen);
        Assert.Equal(30001, _settings.ClientPort);
        Assert.Equal(48 * 1024 * 1024, _settings.Memory?.AllMax);
        Assert.Equal(new Uri("https://gateway.example.com"), _settings.ConfigFile.PublicUrl);
        Assert.Equal(TimeSpan.FromSeconds(90), _settings.Drain.Grace);
        Assert.True(_settings.StrictWindows);
        Assert.True(_settings.HasFrontend);
        Assert.False(_settings.HasSilo);
    }

    [Fact]
    public async Task Says_by_default_what_suits_one_machine()
    {
        Assert.Equal(0, await RunAsync("--role", "all"));

        Assert.Equal(ClusteringKind.Localhost, _settings!.Clustering);
        Assert.Equal(IPAddress.Loopback, _settings.Address);
        Assert.Equal(TimeSpan.FromSeconds(2), _settings.Drain.Grace);
        Assert.Equal((11111, 30000), (_settings.SiloPort, _settings.ClientPort));
        Assert.Equal(["http://127.0.0.1:8080"], _settings.Listen);
        Assert.Null(_settings.ConfigFile.PublicUrl);
        Assert.Null(_settings.Memory);
    }

    [Fact]
    public async Task Other_verbs_know_its_name_and_ignore_the_options_of_a_run()
    {
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path)
        {
            Program = Programs.Cluster,
            Environment =
            {
                ["GATEWAY_WINDOWS"] = "stict",
                ["GATEWAY_SILO_PORT"] = "0",
                ["GATEWAY_LINGER"] = "soon",
            },
        };

        var run = await cli.RunAsync("completion", "bash");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("complete -F _gateway-cluster_complete gateway-cluster", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, "--days", "3650")]
    [InlineData(2, "--days", "0")]
    [InlineData(2, "--days", "3651")]
    public async Task Certificates_are_valid_for_a_year_or_the_given_time(int code, params string[] days)
    {
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path) { Program = Programs.Cluster };

        var run = await cli.RunAsync(["certs", "make", "made", .. days]);

        Assert.True(code == run.ExitCode, run.Errors);
        Assert.Equal(code == 0, File.Exists(Path.Combine(folder.Path, "made", "silo.crt")));
    }

    [Theory]
    [InlineData]
    [InlineData("--role", "owner")]
    [InlineData("--role", "silo", "--clustering", "redis")]
    [InlineData("--role", "silo", "--silo-port", "many")]
    [InlineData("--role", "silo", "--silo-port", "65536")]
    [InlineData("--role", "frontend", "--linger", "-1")]
    [InlineData("--role", "frontend", "--linger", "many")]
    [InlineData("--role", "frontend", "--programs-max", "many")]
    [InlineData("--role", "frontend", "--audit-age", "long")]
    [InlineData("--role", "frontend", "--memory-max", "23")]
    [InlineData("--role", "frontend", "--memory-max", "much")]
    [InlineData("--role", "frontend", "--public-url", "gateway.example.com")]
    public async Task Refuses_what_it_does_not_know(params string[] arguments)
    {
        Assert.NotEqual(0, await RunAsync(arguments));

        Assert.Null(_settings);
    }

    [Theory]
    [InlineData("frontend", true)]
    [InlineData("silo", false)]
    public async Task Extensions_run_in_frontends_only(string role, bool areRun)
    {
        Assert.Equal(0, await RunAsync("--role", role, "--acquire-listen", "http://127.0.0.1:0"));

        Assert.Equal(areRun, _settings!.Extensions.Count > 0);
        Assert.Equal(areRun, _settings.Extensions.Any(static one => one.GetType().Name == "AcquireSetup"));
    }

    private Task<int> RunAsync(params string[] arguments) => ClusterCommand
        .Create(
            (settings, _) =>
            {
                _settings = settings;
                return Task.FromResult(0);
            },
            ProgramExtensions.All, ProgramExtensions.Accounts)
        .Parse(arguments)
        .InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null });
}
