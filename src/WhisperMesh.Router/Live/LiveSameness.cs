using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>A stream that is resumed goes on as it began: what is said again must be the same, what is left out need not be said.</summary>
internal static class LiveSameness
{
    private static readonly LiveConfig Nothing = new();

    /// <exception cref="ServiceDefaults.Errors.MeshException">A field differs; the message names it.</exception>
    public static void Check(LiveConfig returning, LiveRequest request)
    {
        var (given, asked) = (returning.Clone(), request.Asked.Clone());
        (given.Resume, asked.Resume) = (null, null);
        if (given.RequestId.Length == 0 || given.RequestId == request.Id)
        {
            (given.RequestId, asked.RequestId) = ("", "");
        }

        foreach (var field in LiveConfig.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(given);
            if (!Equals(value, field.Accessor.GetValue(Nothing)) && !Equals(value, field.Accessor.GetValue(asked)))
            {
                throw LiveErrors.OtherConfig(field.Name);
            }
        }
    }
}
