using System.CommandLine;
using System.Diagnostics;
using Gateway.Hosting.Options;

namespace Gateway.EnvoyRls.Options;

/// <summary>Command-line and environment options of Envoy's rate limit service.</summary>
internal static class RlsArguments
{
    private static readonly Option<string?> Listen = Setting.Text(
        "--rls-listen", "URL",
        "Address of Envoy's rate limit service (gRPC, HTTP/2): http://127.0.0.1:8081. Beyond this machine it needs "
            + "--rls-client-ca or --rls-token-file.");

    private static readonly Option<string?> Rules = Setting.Text(
        "--rls-config", "FILE|FOLDER",
        "The service's limits, in the format of envoyproxy/ratelimit: a YAML file or a folder of them. Reloaded on "
            + "changes.");

    private static readonly Option<string?> Authorities = Setting.Text(
        "--rls-client-ca", "FILE",
        "Authorities in PEM, one of which must have issued a caller's certificate; for an https:// --rls-listen.");

    private static readonly Option<string?> Tokens = Setting.Text(
        "--rls-token-file", "FILE",
        "Tokens, one per line; a caller sends one of them: \"authorization: Bearer TOKEN\".");

    private static readonly Option<string?> Headers = Setting.Choice(
        "--rls-headers",
        "Headers that Envoy adds to responses for clients: RateLimit-Limit, -Remaining, -Reset, or X-RateLimit-….",
        "none", "none", "ratelimit", "x-ratelimit");

    private static readonly Option<string?> Metadata = Setting.Choice(
        "--rls-metadata",
        "Dynamic metadata in the service's responses: the request, and \"metadata\" of the rules.",
        "off", "off", "on");

    /// <summary>The name of the option that enables the service.</summary>
    public static string ListenOption => Listen.Name;

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[Listen, Rules, Authorities, Tokens, Headers, Metadata])
            command.Options.Add(option);
        command.Validators.Add(static result =>
        {
            var isOn = result.Value(Listen) is not null;
            if (isOn && result.Value(Rules) is null or "")
                result.AddError("--rls-listen needs its limits: --rls-config FILE or FOLDER.");
            foreach (var option in (Option<string?>[])[Rules, Authorities, Tokens])
            {
                if (!isOn && result.Value(option) is not null)
                    result.AddError($"{option.Name} needs --rls-listen URL.");
            }
        });
    }

    /// <summary>Returns the settings; null if the service is not enabled.</summary>
    public static RlsSettings? Of(ParseResult parsed) => parsed.GetValue(Listen) is not { } listen ? null : new()
    {
        Listen = listen,
        RulesPath = parsed.GetValue(Rules)!,
        ClientAuthorities = parsed.GetValue(Authorities),
        TokenFile = parsed.GetValue(Tokens),
        Headers = parsed.GetValue(Headers) switch
        {
            "ratelimit" => RlsHeaders.RateLimit,
            "x-ratelimit" => RlsHeaders.XRateLimit,
            "none" or null => RlsHeaders.None,
            var other => throw new UnreachableException(other),
        },
        HasMetadata = parsed.GetValue(Metadata) == "on",
    };
}
