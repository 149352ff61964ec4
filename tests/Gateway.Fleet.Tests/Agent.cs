using System.Net.Http.Headers;

namespace Gateway.Fleet.Tests;

/// <summary>Calls one tool again and again, at one gateway.</summary>
internal sealed class Agent(HttpClient client, string tool)
{
    private int _admitted;
    private int _refused;

    public int Admitted => _admitted;

    public int Refused => _refused;

    /// <summary>True where the server answered; null where no answer came.</summary>
    public async Task<bool?> CallAsync(CancellationToken stop)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""";
        try
        {
            using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
            using var response = await client.PostAsync("", content, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            var isAdmitted =
                response.IsSuccessStatusCode && !text.Contains("Policy violation", StringComparison.Ordinal);
            Interlocked.Increment(ref isAdmitted ? ref _admitted : ref _refused);
            return isAdmitted;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Calls until told to stop or until nobody answers any more.</summary>
    public async Task FireAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await CallAsync(stop) is not null)
        {
        }
    }

    /// <summary>Calls until a whole run of calls was refused: nothing is left for this agent.</summary>
    public async Task ExhaustAsync(int callsMax)
    {
        for (var (i, refusedInARow) = (0, 0); i < callsMax && refusedInARow < 3; i++)
            refusedInARow = await CallAsync(CancellationToken.None) == true ? 0 : refusedInARow + 1;
    }
}
