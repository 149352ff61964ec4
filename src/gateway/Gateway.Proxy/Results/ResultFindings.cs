using Gateway.Audit.Records;
using Gateway.Policy.Results;

namespace Gateway.Proxy.Results;

/// <summary>The effects of the rules on one response: a count per rule, and never the matched text.</summary>
internal sealed class ResultFindings
{
    private readonly List<RedactionCount> _redacted = [];
    private ResultDenial? _denial;
    private ResultDenial? _shadow;

    /// <summary>The findings as an audit record; null if nothing was found.</summary>
    public ResultRecord? Record => _redacted.Count == 0 && _denial is null && _shadow is null
        ? null
        : new ResultRecord(_redacted, _denial, _shadow);

    public void Denied(ResultDenial denial) => _denial ??= denial;

    public void InShadow(ResultDenial denial) => _shadow ??= denial;

    public void Add(ResultDecision decision)
    {
        foreach (var count in decision.Redacted)
        {
            var at = _redacted.FindIndex(known => known.Rule == count.Rule);
            if (at < 0)
                _redacted.Add(count);
            else
                _redacted[at] = count with { Count = _redacted[at].Count + count.Count };
        }

        if (decision.ShadowDenial is { } shadow)
            InShadow(shadow);
    }
}
