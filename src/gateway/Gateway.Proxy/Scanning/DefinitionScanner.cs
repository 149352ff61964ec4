using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// A scanner of every text of a definition, including the names of its members, for text that targets a model instead
/// of describing the tool. It takes time linear in the length and uses no network.
/// </summary>
public static class DefinitionScanner
{
    /// <summary>The maximum number of findings per definition.</summary>
    public const int FindingsMax = 20;

    private const int DepthMax = 250;
    private const string Resembles = "Its wording resembles instructions to a model more than a description.";

    // What a reader does not scroll to.
    private static readonly Regex Gap = new(@"\s{60,}\S", RegexOptions.NonBacktracking);

    // A font shows characters for private use as it likes; isolates turn the direction of text.
    private static readonly Regex Doubtful = new(@"[\uE000-\uF8FF\u2066-\u2069]", RegexOptions.NonBacktracking);

    // Where a default address sends what the caller never chose to send.
    private static readonly Regex Receiver = new(
        "bcc|^cc$|copy|proxy|webhook|callback|forward|notify|report|collector|telemetry|upload|dest|target|mirror"
        + "|endpoint|sink|relay|backup|archive|recipient|reply|hook|beacon|payee|benefici|spender|share_with|^to$"
        + "|destin|ziel|kopie|schrift|empf[aä]|weiterleit|copia|c[oó]pia|espe[jl]|reenv|encaminh|remit"
        + "|转发|抄送|回调|代理|备份|通知|転送|宛先|送信先|통지|전달|копи|получател|прокси",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Address = new(
        @"^(https?|s?ftps?|s3|gs|wss?|ssh|smb|ldaps?|amqps?|mqtts?|tcp|udp|socks[45]h?)://|^\\\\[\w.-]+\\"
        + @"|^[\w-]+(\.[\w-]+)+:\d{2,5}(/|$)|^0x[0-9a-f]{40}$|^bc1[0-9a-z]{30,70}$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    // Defaults of local services.
    private static readonly Regex Near = new(
        @"^((s?ftps?|ssh|smb|ldaps?|amqps?|mqtts?|tcp|udp|socks[45]h?)://)?(localhost|127\.|10\.|192\.168\."
        + @"|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[::1\])",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    private static readonly Regex Planted = new(
        @"[\w.+-]+@[\w-]+\.\w|^ssh-(rsa|ed25519) |-----BEGIN|\b(curl|wget) |\|\s*(ba|z)?sh\b|\brm -rf "
        + @"|\b(ba|z|k)?sh -c\b|\bpowershell(\.exe)? -|\bnc \S+ \d|/dev/tcp/|\bbase64 (-d|--decode)\b"
        + @"|^[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,3})?$",
        RegexOptions.NonBacktracking);

    /// <summary>Returns the findings in a definition.</summary>
    /// <param name="definition">
    /// A tool as JSON. An unreadable one has no findings, because it is blocked anyway.
    /// </param>
    public static IReadOnlyList<Finding> Scan(string definition)
    {
        var found = new List<Finding>();
        try
        {
            Walk(JsonElement.Parse(definition, new JsonDocumentOptions { MaxDepth = DepthMax }),
                DefinitionPlace.Root, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }

        return [.. found.DistinctBy(static one => (one.Kind, one.Place))];
    }

    /// <summary>
    /// Returns the findings in a server's instructions. They address a model by definition, so
    /// <see cref="InstructionModel"/>, which marks a fifth of harmless ones, does not read them.
    /// </summary>
    public static IReadOnlyList<Finding> ScanInstructions(string text)
    {
        var found = new List<Finding>();
        Look(text, static () => "/instructions", found, addressesModel: true);
        return found;
    }

    private static void Walk(JsonElement value, DefinitionPlace place, List<Finding> found)
    {
        if (found.Count >= FindingsMax)
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var inside = place.Member(member.Name);
                    Look(member.Name, inside.ToString, found);
                    // A list with a single value leaves no choice.
                    if (member.Name is "default" or "const" || (member is { Name: "enum" }
                        && member.Value is { ValueKind: JsonValueKind.Array } only && only.GetArrayLength() == 1))
                        LookAtDefault(member.Value, place.Name, inside, found);
                    Walk(member.Value, inside, found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Walk(item, place.Item(index++), found);
                break;
            case JsonValueKind.String:
                Look(value.GetString()!, place.ToString, found);
                break;
            default:
                break;
        }
    }

    /// <summary>Looks at a value that a call has although nobody chose it.</summary>
    private static void LookAtDefault(
        JsonElement value, string? parameter, DefinitionPlace place, List<Finding> found)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                LookAtDefault(item, parameter, place, found);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
                LookAtDefault(member.Value, member.Name, place, found);
        }
        else if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && found.Count < FindingsMax
            && (Planted.IsMatch(text)
                || (Address.IsMatch(text) && !Near.IsMatch(text) && Receiver.IsMatch(parameter ?? ""))))
        {
            found.Add(new Finding(
                "default_value", IsHard: false, place.ToString(),
                "A call that omits this argument uses an address, a key or a command of the server's choice."));
        }
    }

    private static void Look(string text, Func<string> place, List<Finding> found, bool addressesModel = false)
    {
        if (found.Count >= FindingsMax)
            return;
        if (HiddenText.In(text) is { } hidden)
        {
            var kind = hidden.IsText ? "hidden_text" : "stray_characters";
            found.Add(new Finding(kind, hidden.IsText, place(), hidden.Reason));
        }

        else if (Gap.IsMatch(text) || Doubtful.IsMatch(text))
        {
            found.Add(new Finding(
                "hidden_text", IsHard: false, place(),
                "It has text after a long gap, or characters that may be displayed as something else."));
        }

        if (EncodedText.In(text) is { } payload)
            found.Add(new Finding("payload", payload.IsHard, place(), payload.Reason));
        var plain = InjectedText.Plain(text);
        if (InjectedText.In(text, plain) is { } instruction)
            found.Add(new Finding("instruction", IsHard: false, place(), instruction));
        else if (!addressesModel && InstructionModel.Shipped.Matches(plain))
            found.Add(new Finding("instruction", IsHard: false, place(), Resembles));
    }
}
