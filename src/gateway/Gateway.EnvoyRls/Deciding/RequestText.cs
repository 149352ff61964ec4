using System.Buffers;
using System.Text.Unicode;
using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Protocol;
using Google.Protobuf;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>
/// Refuses text that is not UTF-8, as the protocol has it. The parser puts U+FFFD in its place, which would make one
/// counter of values that are different ones.
/// </summary>
internal static class RequestText
{
    private const char Replacement = '\uFFFD';

    /// <summary>What a message is within: the request, a descriptor of it, an entry of that.</summary>
    private const int Request = 0;
    private const int Descriptor = 1;
    private const int Entry = 2;

    /// <summary>Null where all is well. The bytes are looked at only where the sign came out of them.</summary>
    public static GrpcProblem? Check(RateLimitRequest request, ReadOnlySequence<byte> message) =>
        HasReplacement(request) && !IsText(ByteString.CopyFrom(message.ToArray()), Request)
            ? GrpcProblem.Invalid("a text of the message is not UTF-8")
            : null;

    private static bool HasReplacement(RateLimitRequest request) =>
        request.Domain.Contains(Replacement)
        || request.Descriptors.Any(static descriptor => descriptor.Entries.Any(
            static entry => entry.Key.Contains(Replacement) || entry.Value.Contains(Replacement)));

    /// <summary>Whether every text of a message that the parser has read is one.</summary>
    private static bool IsText(ByteString message, int level)
    {
        var input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
            {
                input.SkipLastField();
                continue;
            }

            var content = input.ReadBytes();
            var isGood = (level, WireFormat.GetTagFieldNumber(tag)) switch
            {
                (Request, RateLimitRequest.DomainFieldNumber) => Utf8.IsValid(content.Span),
                (Request, RateLimitRequest.DescriptorsFieldNumber) => IsText(content, Descriptor),
                (Descriptor, RateLimitDescriptor.EntriesFieldNumber) => IsText(content, Entry),
                (Entry, RateLimitDescriptor.Types.Entry.KeyFieldNumber) => Utf8.IsValid(content.Span),
                (Entry, RateLimitDescriptor.Types.Entry.ValueFieldNumber) => Utf8.IsValid(content.Span),
                _ => true,
            };
            if (!isGood)
                return false;
        }

        return true;
    }
}
