namespace Gateway.Server.Tests.Processes;

/// <summary>A directory that cannot be used ends the start, in words that lead on.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-start-");
    private readonly string _config;

    public StartRefusalTests() => _config =
        TestConfig.Write(_folder.Path, "http://127.0.0.1:9/mcp", """{ "version": "1", "default": "allow" }""");

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [VolumeFact]
    public async Task Refuses_to_start_where_the_audit_directory_is_on_a_read_only_volume()
    {
        using var volume = SmallVolume.Mount(Path.Combine(Data, "audit"), 1 << 20);
        volume.MakeReadOnly();

        var said = await RefusalAsync(new GatewayPlace());

        Assert.Contains($"audit directory {volume.Path} cannot be used by user root (uid 0): Read-only file system",
            said, StringComparison.Ordinal);
        Assert.Contains("--data", said, StringComparison.Ordinal);
    }

    [VolumeFact]
    public async Task Refuses_to_start_where_the_audit_directory_is_full()
    {
        using var volume = SmallVolume.Mount(Path.Combine(Data, "audit"), 1 << 20);
        volume.Fill();

        var said = await RefusalAsync(new GatewayPlace());

        Assert.Contains($"audit directory {volume.Path} cannot be used by user root (uid 0): No space left on device",
            said, StringComparison.Ordinal);
        Assert.Contains("Free space", said, StringComparison.Ordinal);
    }

    [VolumeFact]
    public async Task Refuses_to_start_as_a_user_who_may_not_write_there()
    {
        Directory.CreateDirectory(Data);
        var nobody = new GatewayPlace { Prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] };
        // The folder of a test is its owner's; others may pass through it, and write nothing.
        const UnixFileMode Passable = (UnixFileMode)0b111_101_101;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, Passable);

        var said = await RefusalAsync(nobody);

        Assert.Contains($"data directory {Data} cannot be used by user ", said, StringComparison.Ordinal);
        Assert.Contains("(uid 65534): Permission denied. ", said, StringComparison.Ordinal);
        Assert.Contains($"chown -R 65534 {Data}", said, StringComparison.Ordinal);
    }

    [VolumeFact]
    public async Task Refuses_to_start_where_others_can_read_what_it_may_not_take_from_them()
    {
        var record = _folder.File("data/audit/audit-00000001.jsonl", "{}\n");
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Open = (UnixFileMode)0b111_111_111;
            File.SetUnixFileMode(_folder.Path, Open);
            File.SetUnixFileMode(Data, Open);
            File.SetUnixFileMode(Path.GetDirectoryName(record)!, Open);
        }

        var said = await RefusalAsync(new GatewayPlace
        {
            Prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        });

        Assert.Contains($"audit directory {Data}/audit is readable by other users", said, StringComparison.Ordinal);
        Assert.Contains($"chmod -R go= {Data}/audit", said, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Refuses_to_start_where_a_file_has_the_directory_s_place()
    {
        var file = _folder.File("data/audit", "");

        var said = await RefusalAsync(new GatewayPlace());

        Assert.Contains($"audit directory {file} cannot be used", said, StringComparison.Ordinal);
        Assert.Contains("A file has the name of this directory", said, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Refuses_to_start_on_a_data_directory_that_another_gateway_holds()
    {
        await using var first = await GatewayProcess.StartAsync(_config, Data);

        var said = await RefusalAsync(new GatewayPlace());

        Assert.Contains($"{Data}/limits cannot be used by user ", said, StringComparison.Ordinal);
        Assert.Contains("another process holds", said, StringComparison.Ordinal);
        Assert.Contains("--data", said, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }

    [UnixFact]
    public async Task Exit_code_distinguishes_a_start_that_may_succeed_later_from_an_invalid_option()
    {
        await using var first = await GatewayProcess.StartAsync(_config, Data);
        var taken = first.Address.GetLeftPart(UriPartial.Authority);
        var other = Path.Combine(_folder.Path, "other");

        var held = await RunAsync("--data", Data, "--listen", "http://127.0.0.1:0");
        var port = await RunAsync("--data", other, "--listen", taken);
        var wrong = await RunAsync("--data", other, "--listen", "8080");

        Assert.Equal((3, 3, 2), (held.ExitCode, port.ExitCode, wrong.ExitCode));
        Assert.Contains("another process holds", held.Errors, StringComparison.Ordinal);
        Assert.Contains(taken, port.Errors, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] options) =>
        new Cli(_folder.Path).RunAsync(["run", "--config", _config, .. options]);

    private async Task<string> RefusalAsync(GatewayPlace place)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var gateway = await GatewayProcess.StartAsync(place, _config, Data);
        });
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
