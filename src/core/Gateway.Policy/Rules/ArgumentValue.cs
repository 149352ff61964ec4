using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// Reads the values by which a call is counted: its subject and its arguments. A value without an unambiguous form
/// denies the call.
/// </summary>
internal static class ArgumentValue
{
    private const int DigestBytes = 8;

    // The first part of the values of a limit for each subject. It keeps a grant apart from a subject of its name.
    private const string SubjectMark = "subject";
    private const string GrantMark = "grant";

    /// <summary>Reads the subject and the value of every path, each with its length before it.</summary>
    public static bool TryRead(
        PolicyBinding binding, LimitRule limit, in PolicyCall call, JsonNode? arguments, out byte[] values,
        out PolicyDecision? denial)
    {
        values = [];
        denial = null;
        if (!limit.CountsValues)
            return true;
        var parts = new List<string>();
        if (limit.IsPerSubject)
        {
            if (call.Caller is { } caller)
                parts.AddRange([SubjectMark, caller.Issuer, caller.Subject]);
            else if (limit.CountsForGrant)
                parts.AddRange([GrantMark, binding.Grant]);
            else
            {
                denial = DenyWithoutSubject(limit);
                return false;
            }
        }

        for (var i = 0; i < limit.By.Length; i++)
        {
            var root = limit.By[i].Path.IsOfCaller ? CallerTree.Of(call.Caller, call.Headers) : arguments;
            if (Read(root, limit.By[i], out var value) is { } problem)
            {
                denial = Deny(limit, i, problem);
                return false;
            }

            parts.Add(value);
        }

        values = Join(parts);
        return true;
    }

    /// <summary>Returns a digest of a limit's paths, forms and kind, short enough for a name.</summary>
    public static string DigestOf(LimitDocument limit)
    {
        // Each path adds two parts, so a limit for each subject never has the digest of one by values alone.
        string[] parts =
        [
            limit.Kind.Name, .. limit.IsPerSubject ? [SubjectMark] : Array.Empty<string>(),
            .. limit.By.SelectMany(static by => new[] { by.Path.Text, ValueForms.NameOf(by.Form) }),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Join(parts)).AsSpan(0, DigestBytes));
    }

    /// <summary>Reads the value at the path; returns null, or the problem with it.</summary>
    private static string? Read(JsonNode? root, ValuePath by, out string value)
    {
        value = "";
        if (root is null)
            return "cannot be read";
        var node = by.Path.Find(root);
        if (node is null)
            return "is missing";
        if (node.Kind is not (JsonKind.String or JsonKind.Number or JsonKind.True or JsonKind.False))
            return "is not a string, a number or a boolean";
        if (Encoding.UTF8.GetByteCount(node.Text) > PolicyBounds.ByValueBytesMax)
            return $"is longer than {PolicyBounds.ByValueBytesMax} bytes";
        var plain = node.Kind switch
        {
            JsonKind.True => "true",
            JsonKind.False => "false",
            JsonKind.Number => Decimal(node.Text),
            _ => node.Text,
        };
        var formed = by.Form switch
        {
            ValueForm.Lower => plain?.ToLowerInvariant(),
            ValueForm.Digits => ValueForms.Of(ValueForm.Digits, plain ?? "") ?? "",
            ValueForm.Number => node.Kind is JsonKind.Number or JsonKind.String ? Decimal(node.Text) : null,
            ValueForm.Text or ValueForm.Host => plain,
            _ => throw new NotSupportedException($"ValueForm {by.Form} has no case here."),
        };
        if (formed is null)
            return "is not a number, or has too many digits";
        if (by.Form == ValueForm.Digits && formed.Length == 0)
            return "has no digits from 0 to 9, or has digits of another script";
        value = formed;
        return null;
    }

    /// <summary>
    /// Returns the canonical decimal of a JSON number: no exponent, no unnecessary zero. Null if it is too long or not
    /// a number.
    /// </summary>
    private static string? Decimal(string text)
    {
        if (!JsonDecimal.TryParse(text, out var number))
            return null;
        if (number.Sign == 0)
            return "0";
        var (digits, scale) = (number.Digits, number.Scale);
        if (Math.Max(scale, digits.Length) - Math.Min(scale, 0) > PolicyBounds.ByValueBytesMax)
            return null;
        var point = (int)scale;
        var whole = point <= 0 ? "0" : digits.Length <= point ? digits.PadRight(point, '0') : digits[..point];
        var rest = point <= 0 ? new string('0', -point) + digits : digits.Length <= point ? "" : digits[point..];
        return (number.Sign < 0 ? "-" : "") + whole + (rest.Length > 0 ? "." + rest : "");
    }

    private static byte[] Join(IReadOnlyCollection<string> parts)
    {
        var joined = new byte[parts.Sum(static part => sizeof(int) + Encoding.UTF8.GetByteCount(part))];
        var rest = joined.AsSpan();
        foreach (var part in parts)
        {
            var length = Encoding.UTF8.GetBytes(part, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }

        return joined;
    }

    private static PolicyDecision DenyWithoutSubject(LimitRule limit) => BuiltInDecisions.Deny(
        $"{limit.Pointer}/scope",
        $"The limit on {limit.Counter} counts calls per person, but this call's token identifies no person",
        "Sign in with the identity provider that the operator names, and call with its token.");

    private static PolicyDecision Deny(LimitRule limit, int index, string problem)
    {
        var by = limit.By[index];
        return BuiltInDecisions.Deny(
            $"{limit.Pointer}/by",
            $"{by.Path} {problem}, so the limit on {limit.Counter} cannot count by it",
            CallerPaths.IsOfHeaders(by.Path) ? "Ask the operator to make a trusted proxy send this header exactly once."
                : by.Path.IsOfCaller ? $"Call with a token that has {by.Path}, or ask the operator for such a token."
                : by.Form == ValueForm.Number ? $"Send {by.Path} as a number, or as a string that is a number."
                : $"Send {by.Path} as a string of at most {PolicyBounds.ByValueBytesMax} bytes, a number or a boolean"
                + (by.Form == ValueForm.Digits ? ", with digits from 0 to 9." : "."));
    }
}
