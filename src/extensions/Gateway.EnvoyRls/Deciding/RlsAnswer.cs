using System.Globalization;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>Converts a decision to the response for the proxy.</summary>
internal static class RlsAnswer
{
    public static RateLimitResponse Of(
        RateLimitRequest request, CountedRequest counted, bool isOver, long nowMs, RlsSettings settings)
    {
        var answer = new RateLimitResponse
        {
            OverallCode = isOver ? RateLimitResponse.Types.Code.OverLimit : RateLimitResponse.Types.Code.Ok,
        };
        foreach (var one in counted.Descriptors)
            answer.Statuses.Add(one.ToStatus(nowMs));
        if (settings.Headers != RlsHeaders.None && Nearest(counted, answer) is { } nearest)
            AddHeaders(answer, settings.Headers == RlsHeaders.XRateLimit ? "X-RateLimit" : "RateLimit", nearest);
        if (settings.HasMetadata)
            answer.DynamicMetadata = MetadataOf(request, counted, answer);
        return answer;
    }

    /// <summary>Returns the first descriptor that refuses; otherwise the one with the least room.</summary>
    private static RateLimitResponse.Types.DescriptorStatus? Nearest(CountedRequest counted, RateLimitResponse answer)
    {
        RateLimitResponse.Types.DescriptorStatus? nearest = null;
        for (var i = 0; i < counted.Descriptors.Length; i++)
        {
            var status = answer.Statuses[i];
            if (counted.Descriptors[i].Key is null)
                continue;
            if (status.Code == RateLimitResponse.Types.Code.OverLimit && counted.Descriptors[i].IsEnforced)
                return status;
            if (nearest is null || status.LimitRemaining < nearest.LimitRemaining)
                nearest = status;
        }

        return nearest;
    }

    private static void AddHeaders(
        RateLimitResponse answer, string prefix, RateLimitResponse.Types.DescriptorStatus status)
    {
        (string Name, long Value)[] fields =
        [
            ("Limit", status.CurrentLimit.RequestsPerUnit), ("Remaining", status.LimitRemaining),
            ("Reset", status.DurationUntilReset.Seconds),
        ];
        foreach (var (name, value) in fields)
        {
            answer.ResponseHeadersToAdd.Add(new HeaderValue
            {
                Key = $"{prefix}-{name}",
                Value = value.ToString(CultureInfo.InvariantCulture),
            });
        }
    }

    private static Struct MetadataOf(RateLimitRequest request, CountedRequest counted, RateLimitResponse answer)
    {
        var metadata = new Struct { Fields = { ["domain"] = Value.ForString(request.Domain) } };
        metadata.Fields["descriptors"] = Value.ForList([.. request.Descriptors.Select(Describe)]);
        if (request.HitsAddend != 0)
            metadata.Fields["hitsAddend"] = Value.ForNumber(request.HitsAddend);
        var ofRules = new Struct();
        for (var i = 0; i < counted.Descriptors.Length; i++)
        {
            if (answer.Statuses[i].Code == RateLimitResponse.Types.Code.Ok && counted.Descriptors[i].Key is not null
                && counted.Descriptors[i].Limit.Metadata is { } own)
            {
                Merge(ofRules, own);
            }
        }

        if (ofRules.Fields.Count > 0)
            metadata.Fields["metadata"] = Value.ForStruct(ofRules);
        return metadata;
    }

    private static Value Describe(RateLimitDescriptor descriptor)
    {
        var entries = descriptor.Entries.Select(static entry => Value.ForString($"{entry.Key}={entry.Value}"));
        var described = new Struct { Fields = { ["entries"] = Value.ForList([.. entries]) } };
        if (descriptor.HitsAddend is { } hits)
            described.Fields["hitsAddend"] = Value.ForNumber(hits);
        return Value.ForStruct(described);
    }

    /// <summary>Merges mappings; existing values take precedence.</summary>
    private static void Merge(Struct into, Struct from)
    {
        foreach (var (name, value) in from.Fields)
        {
            if (!into.Fields.TryGetValue(name, out var own))
                into.Fields[name] = value.Clone();
            else if (own.StructValue is { } ownStruct && value.StructValue is { } moreStruct)
                Merge(ownStruct, moreStruct);
        }
    }
}
