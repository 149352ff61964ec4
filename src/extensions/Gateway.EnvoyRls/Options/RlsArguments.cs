using System.CommandLine;
using System.Diagnostics;
using Gateway.Hosting.Options;

namespace Gateway.EnvoyRls.Options;

/// <summary>Command-line and environment options of Envoy's rate limit service.</summary>
internal static class RlsArguments
{
    private static readonly Option<string?> Listen = Setting.Text(
        "--rls-listen", "URL",
        "The address on which Envoy's rate limit service is offered (gRPC, HTTP/2), such as http://127.0.0.1:8081. An "
            + "address that other machines reach needs --rls-client-ca or --rls-token-file.");

    private static readonly Option<string?> Rules = Setting.Text(
        "--rls-config", "FILE|FOLDER",
        "The limits of the rate limit service, in the format of envoyproxy/ratelimit: a YAML file or a folder of "
            + "YAML files. Changes apply without a restart.");

    private static readonly Option<string?> Authorities = Setting.Text(
        "--rls-client-ca", "FILE",
        "Certificate authorities in PEM. Each caller must present a certificate issued by one of them. Needs an "
        + "https:// address in --rls-listen.");

    private static readonly Option<string?> Tokens = Setting.Text(
        "--rls-token-file", "FILE",
        "Tokens, one per line. Each caller must send one of them: \"authorization: Bearer TOKEN\".");

    private static readonly Option<string?> Headers = Setting.Choice(
        "--rls-headers",
        "The headers that Envoy adds to responses: \"ratelimit\" for RateLimit-Limit, -Remaining and -Reset, "
            + "\"x-ratelimit\" for X-RateLimit-….",
        "none", "none", "ratelimit", "x-ratelimit");

    private static readonly Option<string?> Metadata = Setting.Choice(
        "--rls-metadata",
        "Include dynamic metadata in the service's responses: the request, and \"metadata\" from the rules.",
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
                result.AddError("--rls-listen needs --rls-config with a file or folder of limits.");
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
