namespace Gateway.Control.Options;

/// <summary>The process, for the features that keep files or report how it was started.</summary>
public record ProcessOptions
{
    /// <summary>
    /// The directory of the journal, the audit log and the control documents; created if it is missing.
    /// </summary>
    public string DataDirectory { get; init; } = ".gateway";

    /// <summary>The settings of this start and their sources; empty without a command line.</summary>
    public IReadOnlyList<EffectiveSetting> Settings { get; init; } = [];
}
