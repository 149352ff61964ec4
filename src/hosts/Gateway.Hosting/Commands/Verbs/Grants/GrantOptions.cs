using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Grants;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary>
/// Options that describe a grant. Readers return null after an error message if options contradict each other.
/// </summary>
internal static class GrantOptions
{
    /// <summary>The members that no verb handles separately.</summary>
    public static readonly MemberOptions Members = new(GrantSpec.Members);

    /// <summary>Returns a grant as the body of a request, to which <see cref="Members"/> add theirs.</summary>
    public static JsonObject Body(
        string? name, Dictionary<string, GrantedPolicy>? servers, DateTimeOffset? expires) =>
        JsonSerializer.SerializeToNode(
            new GrantInput { Name = name, Servers = servers, Expires = expires is { } end ? $"{end:O}" : null },
            ClientJson.Default.GrantInput)!.AsObject();

    /// <summary>
    /// Reads each <c>--server SERVER=POLICY</c>; a repeated server must have the same policy each time.
    /// </summary>
    public static Dictionary<string, GrantedPolicy>? Servers(string[] pairs)
    {
        var servers = new Dictionary<string, GrantedPolicy>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var parts = pair.Split('=', 2);
            var policy = parts.Length == 2 ? parts[1] : null;
            if (parts[0].Length == 0 || policy?.Length == 0)
                return Wrong($"--server \"{pair}\" is incomplete; write --server SERVER=POLICY.");
            if (servers.TryGetValue(parts[0], out var other) && other.Name != policy)
            {
                return Wrong($"--server {parts[0]} occurs twice, with {Named(other.Name)} and with "
                    + $"{Named(policy)}; a grant has one policy for a server.");
            }

            servers[parts[0]] = policy;
            if (policy is null)
                Console.Error.WriteLine($"warning: {parts[0]} has no policy, so every call there is denied.");
        }

        return servers;
    }

    /// <summary>Reads the instant of <c>--expires</c>, which must be in the future.</summary>
    public static DateTimeOffset? Expires(string text)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (!WrittenTime.TryAhead(text, now, out var end))
        {
            Console.Error.WriteLine($"--expires \"{text}\" is not a time: write {WrittenTime.Rule}.");
            return null;
        }

        if (end > now)
            return end;
        Console.Error.WriteLine($"--expires {text} is in the past: the grant would never work. Write a future time.");
        return null;
    }

    private static string Named(string? policy) => policy is null ? "no policy" : $"policy {policy}";

    private static Dictionary<string, GrantedPolicy>? Wrong(string message)
    {
        Console.Error.WriteLine(message);
        return null;
    }
}
