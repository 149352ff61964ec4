using System.Security.Cryptography;

namespace Gateway.TestHarness.Azurite;

/// <summary>The emulator of Azure's blob service in a process of its own.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Account = "gateway";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly TestFolder _folder = new("gateway-azurite-");
    private readonly int _port = Ports.Free();
    private readonly Process _process;

    private AzuriteProcess()
    {
        string[] arguments =
        [
            AzuriteFolder.Program, "--location", _folder.Path, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}",
            "--skipApiVersionCheck", "--disableTelemetry",
        ];
        _process = Process.Start(new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
        })!;
    }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};"
        + $"BlobEndpoint=http://127.0.0.1:{_port}/{Account};";

    public static async Task<AzuriteProcess> StartAsync()
    {
        if (AzuriteFolder.Missing is { } missing) throw new InvalidOperationException(missing);
        var azurite = new AzuriteProcess();
        await azurite.ListeningAsync();
        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task ListeningAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.Contains("successfully listens", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("Azurite did not start.");
    }
}
