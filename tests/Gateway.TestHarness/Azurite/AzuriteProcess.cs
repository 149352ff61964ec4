using System.Security.Cryptography;

namespace Gateway.TestHarness.Azurite;

/// <summary>An Azure Storage emulator for blobs and tables, as a separate process.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Account = "gateway";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly TestFolder _folder = new("gateway-azurite-");
    private readonly string _host;
    private readonly int _blobs = Ports.Free();
    private readonly int _tables = Ports.Free();
    private readonly Process _process;

    private AzuriteProcess(string host)
    {
        _host = host;
        string[] arguments =
        [
            AzuriteFolder.Program, "--location", _folder.Path, "--skipApiVersionCheck", "--disableTelemetry",
            "--blobHost", host, "--blobPort", $"{_blobs}", "--tableHost", host, "--tablePort", $"{_tables}",
            "--queueHost", host, "--queuePort", "0",
        ];
        _process = Process.Start(new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
        })!;
    }

    /// <summary>The port of the blob service.</summary>
    public int Blobs => _blobs;

    public string ConnectionString => ConnectionStringBy(_blobs);

    /// <summary>
    /// Returns the connection string for a client that reaches the blobs through another port, such as a proxy's.
    /// </summary>
    public string ConnectionStringBy(int blobs) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};"
        + $"BlobEndpoint=http://{_host}:{blobs}/{Account};TableEndpoint=http://{_host}:{_tables}/{Account};";

    /// <param name="host">The address that it listens on.</param>
    public static async Task<AzuriteProcess> StartAsync(string host = "127.0.0.1")
    {
        if (AzuriteFolder.Missing is { } missing) throw new InvalidOperationException(missing);
        var azurite = new AzuriteProcess(host);
        try
        {
            await azurite.ListeningAsync();
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Suspends the process until <see cref="Resume"/>; meanwhile it responds to nothing.</summary>
    public void Pause() => Signals.Pause(_process);

    public void Resume() => Signals.Resume(_process);

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
            if (!line.Contains("Table service is successfully listening", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("Azurite did not start.");
    }
}
