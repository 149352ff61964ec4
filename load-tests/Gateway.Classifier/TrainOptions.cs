namespace Gateway.Classifier;

/// <summary>The settings of a training run; the defaults are those of the shipped model.</summary>
internal sealed record TrainOptions
{
    public float L1 { get; init; }

    public float L2 { get; init; } = 1.5f;

    public int Iterations { get; init; } = 150;

    /// <summary>The least number of tools with a feature; rarer features are omitted.</summary>
    public int CountMin { get; init; } = 3;

    /// <summary>The weight of a tool with one label; most of these are of common categories.</summary>
    public float MoreWeight { get; init; } = 0.5f;

    /// <summary>The weight of a Destructive, Financial or Secret tool.</summary>
    public float GraveWeight { get; init; } = 2;

    /// <summary>The weight of an additional copy of each tool with only its name; 0 for none.</summary>
    public float NameOnlyWeight { get; init; } = 0.3f;
}
