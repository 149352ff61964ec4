using System.Text;
using System.Text.Json;
using Gateway.Mcp.Reading;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The recognition of the members of a response, including spellings that a case-insensitive client accepts.
/// </summary>
internal static class AnswerMembers
{
    /// <param name="reader">The reader, at the member's name.</param>
    /// <param name="isExact">False for a variant, which some clients treat as the member and others do not.</param>
    public static AnswerMember Of(ref Utf8JsonReader reader, out bool isExact)
    {
        var name = NameOf(ref reader);
        var member = Is(name, "id"u8, out isExact) ? AnswerMember.Id
            : Is(name, "result"u8, out isExact) ? AnswerMember.Result
            : Is(name, "error"u8, out isExact) ? AnswerMember.Error
            : Is(name, "method"u8, out isExact) ? AnswerMember.Method
            : AnswerMember.Other;
        isExact |= member == AnswerMember.Other;
        return member;
    }

    /// <summary>Returns true if the member is <c>isError</c> or a variant of it.</summary>
    public static bool IsErrorFlag(ref Utf8JsonReader reader, out bool isExact) =>
        Is(NameOf(ref reader), "isError"u8, out isExact);

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, out bool isExact)
    {
        isExact = name.SequenceEqual(known);
        return isExact || JsonText.EqualsFolded(name, known);
    }

    private static ReadOnlySpan<byte> NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        return JsonText.HasPlainEscapes(reader.ValueSpan) ? Encoding.UTF8.GetBytes(reader.GetString()!) : default;
    }
}

/// <summary>The members that determine if a message is a response.</summary>
internal enum AnswerMember
{
    /// <summary>Any other member.</summary>
    Other,

    /// <summary>The id of the request that it responds to.</summary>
    Id,

    /// <summary>The result, which may contain <c>isError</c>.</summary>
    Result,

    /// <summary>The error in place of the result.</summary>
    Error,

    /// <summary>The member of requests and notifications, which a response does not have.</summary>
    Method,
}
