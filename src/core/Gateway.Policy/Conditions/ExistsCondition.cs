namespace Gateway.Policy.Conditions;

/// <summary><c>exists</c>: tests the presence of the path. A null that is present exists.</summary>
internal sealed class ExistsCondition(ArgumentPath path, bool expected) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => path.IsOfCaller ? [] : [path];

    public override IEnumerable<ArgumentPath> CallerPaths => path.IsOfCaller ? [path] : [];

    public override TriState Evaluate(in EvaluationContext call, Quantifier quantifier)
    {
        var values = PathValues.Of(path, call.RootOf(path), call.Work, out _);
        if (call.Work.IsExhausted)
            return TriState.Incomparable;
        return TriStateTable.Of(quantifier == Quantifier.Every
            ? values.TrueForAll(value => value is not null == expected)
            : values.Exists(value => value is not null == expected));
    }

    public override string Describe() => expected ? $"{path} is given" : $"{path} is not given";
}
