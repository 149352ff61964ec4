using Gateway.Policy.Conditions;

namespace Gateway.Policy.Recording;

/// <summary>The paths of <c>record_arguments</c> as a tree: the parts of an object or array to record.</summary>
internal sealed class RecordedTree
{
    private readonly Dictionary<PathStep, RecordedTree> _steps = [];
    private bool _isWhole;

    /// <summary>Records everything that does not look like a secret.</summary>
    public static RecordedTree Whole { get; } = new() { _isWhole = true };

    public static RecordedTree Of(IEnumerable<ArgumentPath> paths)
    {
        var root = new RecordedTree();
        foreach (var path in paths)
        {
            var at = root;
            foreach (var step in path.Steps)
            {
                if (!at._steps.TryGetValue(step, out var next))
                    at._steps[step] = next = new RecordedTree();
                at = next;
            }

            at._isWhole = true;
        }

        return root;
    }

    /// <summary>True if a value without children is recorded.</summary>
    public bool IsWhole => _isWhole;

    /// <summary>Returns the part to record of this member; null for nothing.</summary>
    public RecordedTree? Member(string name) =>
        _steps.TryGetValue(PathStep.ToKey(name), out var named) ? named
            : _isWhole && !SecretNames.Looks(name) ? Whole
            : null;

    /// <summary>Returns the part to record of this element; null for nothing.</summary>
    public RecordedTree? Element(int index) =>
        _steps.TryGetValue(PathStep.ToIndex(index), out var named) ? named
            : _steps.TryGetValue(PathStep.Every, out var every) ? every
            : _isWhole ? Whole
            : null;
}
