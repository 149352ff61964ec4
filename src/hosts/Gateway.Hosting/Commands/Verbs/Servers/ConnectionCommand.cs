using System.CommandLine;
using Gateway.Admin.Connections;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary><c>gateway connection</c>: the connections of callers to servers with <c>"auth": "oauth"</c>.</summary>
internal static class ConnectionCommand
{
    private static readonly Argument<string> Id = new("connection")
    {
        Description = "The connection's id, or the prefix that \"connection list\" shows.",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Only connections to this server.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Subject = new("--subject")
    {
        Description = "Only connections of callers with this subject.",
        HelpName = "SUBJECT",
    };

    public static Command Create() => new("connection", "List, test and revoke callers' own connections to servers.")
    {
        Resources.Connections.List(
            "List the connections of callers.\n\nExample:\n  gateway connection list --server crm", Server, Subject),
        RemoteVerb.Create("test",
            "Test a connection: renew its access token if a renewal is due.\n\nExample:\n"
            + "  gateway connection test 5f0c2a9b1e77", TestAsync, Id),
        RemoteVerb.Create("revoke",
            "Delete the tokens of a connection: the caller must connect again.\n\nExample:\n"
            + "  gateway connection revoke 5f0c2a9b1e77", RevokeAsync, Id),
    };

    private static async Task<int> TestAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (found, code) = await FindAsync(parsed, client, cancellation);
        if (found is null)
            return code;
        var test = await client.PostAsync(
            $"{Resources.Connections.PathOf(found.Name)}/test", ClientJson.Default.ConnectionTest, cancellation);
        output.Say(test.Value.Why is { } why
            ? $"{Shown(found)} cannot be used: {why}." : $"{Shown(found)} can be used.", test.Json);
        return test.Value.Ok ? ExitCode.Well : ExitCode.No;
    }

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (found, code) = await FindAsync(parsed, client, cancellation);
        if (found is null)
            return code;
        await client.DeleteAsync(Resources.Connections.PathOf(found.Name), null, cancellation);
        output.Say($"{Shown(found)} is revoked.", null);
        return ExitCode.Well;
    }

    private static async Task<(ConnectionView? Found, int Code)> FindAsync(
        ParseResult parsed, AdminClient client, CancellationToken cancellation)
    {
        var begin = parsed.GetValue(Id)!;
        var all = await client.ListAsync(Resources.Connections.Path, Resources.Connections.Page, cancellation);
        var found = all.Select(static one => one.Value)
            .Where(one => one.Name.StartsWith(begin, StringComparison.Ordinal)).ToList();
        if (found is [var only])
            return (only, ExitCode.Well);
        Console.Error.WriteLine(found.Count == 0
            ? $"No connection begins with \"{begin}\". See: gateway connection list"
            : $"{found.Count} connections begin with \"{begin}\"; write more of the id.");
        return (null, found.Count == 0 ? ExitCode.No : ExitCode.Usage);
    }

    private static string Shown(ConnectionView one) =>
        $"The connection of {one.Subject ?? one.Grant} to {one.Server}";
}
