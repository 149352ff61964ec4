using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Gateway.Hosting.Options;

/// <summary>Options of connections that the gateway opens: <c>--fleet</c> and <c>--allow-address</c>.</summary>
internal static class OutboundOptions
{
    private static readonly Option<string[]> Fleet = Setting.Texts(
        "--fleet", "URL",
        "Admin address of a frontend of this fleet, https or on this machine; repeatable, or several "
            + "with commas. A replay reads records of these frontends only. By default there are none.", "");

    private static readonly Option<string[]> AllowAddress = Setting.Texts(
        "--allow-address", "ADDRESS",
        "Link-local or cloud metadata address or network at which servers, sinks and channels are "
            + "allowed; repeatable, or several with commas. By default there are none.", "");

    static OutboundOptions()
    {
        Fleet.Validators.Add(static result => Check(result, static text => ParseMember(text) is not null,
            "is not the https address of a frontend; write it as https://10.0.0.7:8081 (http on loopback only)"));
        AllowAddress.Validators.Add(static result => Check(result, static text => ParseNetwork(text) is not null,
            "is not an address or network; write it as 169.254.10.1 or 169.254.10.0/24"));
    }

    public static void AddTo(Command command)
    {
        command.Options.Add(Fleet);
        command.Options.Add(AllowAddress);
    }

    public static IReadOnlyList<Uri> FleetOf(ParseResult parsed) =>
        [.. Split(parsed.GetValue(Fleet)).Select(ParseMember).OfType<Uri>()];

    public static IReadOnlyList<IPNetwork> AllowedOf(ParseResult parsed) =>
        [.. Split(parsed.GetValue(AllowAddress)).Select(ParseNetwork).OfType<IPNetwork>()];

    private static void Check(OptionResult result, Func<string, bool> isRight, string problem)
    {
        foreach (var text in Split(result.GetValueOrDefault<string[]>()).Where(text => !isRight(text)))
            result.AddError($"{result.Option.Name} \"{text}\" {problem}.");
    }

    private static Uri? ParseMember(string text) =>
        PublicUrl.Parse(text) is { } url && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback) ? url : null;

    private static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    public static IEnumerable<string> Split(string[]? texts) => (texts ?? []).SelectMany(
        static one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
