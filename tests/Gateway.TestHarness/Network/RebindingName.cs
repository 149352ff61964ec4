namespace Gateway.TestHarness.Network;

/// <summary>
/// A name whose address changes with each resolution, as an attacker's name server makes it (DNS rebinding), and a
/// listener on loopback that counts connections.
/// </summary>
public sealed class RebindingName : IDisposable
{
    /// <summary>The name, which no real name server knows.</summary>
    public const string Host = "rebinding.example.com";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPAddress[] _answers;
    private int _resolutions;
    private int _connections;

    /// <param name="answers">The address that each resolution returns; the last one repeats.</param>
    public RebindingName(params string[] answers)
    {
        _answers = [.. answers.Select(IPAddress.Parse)];
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Resolutions => Volatile.Read(ref _resolutions);

    public int Connections => Volatile.Read(ref _connections);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _resolutions);
        return Task.FromResult<IPAddress[]>([_answers[Math.Min(number, _answers.Length) - 1]]);
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
