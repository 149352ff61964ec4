using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Gateway.Admin.Backtesting;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The frontends of a fleet, each with its own records, which all receive the same request. A frontend that is
/// unreachable is named, and the other responses are still used.
/// </summary>
internal static class Frontends
{
    public static readonly Option<string[]> Addresses = new("--frontends")
    {
        Description = "The admin addresses of all frontends; repeatable, or several with commas. An http name that "
            + "resolves to several addresses stands for all of them.",
        HelpName = "URL",
    };

    public static readonly Option<bool> Shared = new("--shared")
    {
        Description = "Read the records of all gateways that ship to one table, not only this gateway's.",
    };

    static Frontends()
    {
        Addresses.Validators.Add(CheckAddresses);
        Shared.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<bool>() && result.GetResult(Addresses) is { Implicit: false })
                result.AddError("--shared reads the records of all gateways from one gateway; omit --frontends.");
        });
    }

    /// <summary>Returns the query parameter that selects whose records to read.</summary>
    public static string Of(ParseResult parsed) => parsed.GetValue(Shared) ? "&of=shared" : "";

    /// <summary>
    /// Returns false, after an error message, if shared records were requested but the gateway returned its own.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="sink">
    /// The shared sink that the response names; null if the gateway returned its own records.
    /// </param>
    public static bool IsShared(ParseResult parsed, string? sink)
    {
        if (!parsed.GetValue(Shared) || sink is not null)
            return true;
        Console.Error.WriteLine("This gateway's release is too old for --shared. Use --frontends instead.");
        return false;
    }

    private static void CheckAddresses(OptionResult result)
    {
        foreach (var text in Split(result.GetValueOrDefault<string[]>()))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                result.AddError($"--frontends \"{text}\" is not an address; write it as http://10.0.0.7:8081.");
        }
    }

    /// <summary>
    /// Sends a request to every named frontend, or to the gateway if none is named. Returns the responses, and the
    /// reason for each frontend that gave none.
    /// </summary>
    public static async Task<(List<(AdminClient Client, T Answer)> Answers, List<(Uri Gateway, string Why)> Away)>
        AskAsync<T>(
            ParseResult parsed, AdminClient gateway, Func<AdminClient, Task<T>> ask, CancellationToken cancellation)
    {
        if (Split(parsed.GetValue(Addresses)).ToList() is not { Count: > 0 } named)
            return ([(gateway, await ask(gateway))], []);
        var (answers, away) = (new List<(AdminClient, T)>(), new List<(Uri, string)>());
        var addresses = new List<Uri>();
        foreach (var name in named)
            addresses.AddRange(await ResolveAsync(new Uri(name), away, cancellation));
        foreach (var address in addresses.Distinct().Take(RecordExchange.FrontendsMax))
        {
            // The client lives as long as the verb, because the verb may send further requests to the same frontend.
            var client = GatewayChoice.Frontend(parsed, address);
            try
            {
                answers.Add((client, await ask(client)));
            }
            catch (AdminProblemException e) when (e.Status is 404 or 409 or 502 or 503 or 504)
            {
                away.Add((address, e.Message));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                away.Add((address, e.Message));
            }
        }

        foreach (var (address, why) in away)
        {
            Console.Error.WriteLine(
                $"{address} did not respond, so its records are not included: {VisibleText.Of(why)}");
        }

        return answers.Count > 0 ? (answers, away) : throw new IOException("no frontend responded");
    }

    private static IEnumerable<string> Split(string[]? texts) => (texts ?? []).SelectMany(
        static one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static async Task<IEnumerable<Uri>> ResolveAsync(
        Uri named, List<(Uri, string)> away, CancellationToken cancellation)
    {
        // With TLS, the certificate is issued for the name, so an address cannot replace it.
        if (named.Scheme != "http" || IPAddress.TryParse(named.IdnHost, out _))
            return [named];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(named.IdnHost, cancellation);
            return addresses.Length < 2 || addresses.All(IPAddress.IsLoopback)
                ? [named]
                : addresses.Select(address => new UriBuilder(named) { Host = address.ToString() }.Uri);
        }
        catch (SocketException e)
        {
            away.Add((named, e.Message));
            return [];
        }
    }
}
