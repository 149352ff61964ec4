namespace Gateway.Server.Tests.Processes;

/// <summary>What a gateway keeps on disk is read by its own user, whatever the umask and whatever was there.</summary>
public sealed class OwnerOnlyTests : IDisposable
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "tools": { "get": { "limits": [ { "counter": "gets", "window": "month", "max": 9 } ] } } }
        """;

    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get"}}""";
    private readonly TestFolder _folder = new("gateway-owner-");

    private string Data => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public async Task Keeps_folders_at_0700_and_files_at_0600_whatever_the_umask()
    {
        await using var server = await RecordingServer.StartAsync();
        var loose = new GatewayPlace { Prefix = ["sh", "-c", "umask 0; exec \"$@\"", "sh"] };
        await RunAsync(loose, server.Url);

        AssertOwnerOnly();
    }

    [UnixFact]
    public async Task Takes_what_others_could_read_from_them_at_the_start()
    {
        await using var server = await RecordingServer.StartAsync();
        await RunAsync(new GatewayPlace(), server.Url);
        foreach (var path in Kept())
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | (UnixFileMode)0b000_101_101);
        }

        await RunAsync(new GatewayPlace(), server.Url);

        AssertOwnerOnly();
    }

    [UnixFact]
    public async Task Leaves_what_a_link_leads_to_and_a_shared_folder_as_they_are()
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode Shared = (UnixFileMode)0b001_111_111_111;
        await using var server = await RecordingServer.StartAsync();
        var exposed = _folder.File("foreign", "");
        File.SetUnixFileMode(exposed, (UnixFileMode)0b110_110_110);
        Directory.CreateDirectory(Path.Combine(Data, "control"));
        File.CreateSymbolicLink(Path.Combine(Data, "control", "link"), exposed);
        File.SetUnixFileMode(Data, Shared);

        await RunAsync(new GatewayPlace(), server.Url);

        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(exposed));
        Assert.Equal(Shared, File.GetUnixFileMode(Data));
    }

    private IEnumerable<string> Kept() =>
        [Data, .. Directory.EnumerateFileSystemEntries(Data, "*", SearchOption.AllDirectories)];

    private void AssertOwnerOnly()
    {
        Assert.Contains(Kept(), static path => path.EndsWith("journal", StringComparison.Ordinal));
        Assert.Contains(Kept(), static path => path.EndsWith("audit-00000001.jsonl", StringComparison.Ordinal));
        Assert.Contains(Kept(), static path => path.Contains("/control/", StringComparison.Ordinal));
        foreach (var path in Kept())
        {
            var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
            Assert.Equal((path, Convert.ToString(Directory.Exists(path) ? 0b111_000_000 : 0b110_000_000, 8)),
                (path, Convert.ToString((int)mode, 8)));
        }
    }

    private async Task RunAsync(GatewayPlace place, string serverUrl)
    {
        var config = TestConfig.Write(_folder.Path, serverUrl, Policy);
        await using var gateway = await GatewayProcess.StartAsync(place, config, Data);
        using var client = gateway.Client();
        using var answer = await client.PostAsync(
            (Uri?)null, new StringContent(Call, Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)answer.StatusCode);
        gateway.Terminate();
        await gateway.WaitForExitAsync();
    }
}
