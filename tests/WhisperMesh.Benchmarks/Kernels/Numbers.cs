namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>Numbers to calculate with, the same each time.</summary>
internal static class Numbers
{
    /// <summary>Evenly spread over −1 to 1.</summary>
    public static float[] Even(int count)
    {
        var random = new Random(1);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = 2 * random.NextSingle() - 1;
        }
        return numbers;
    }
}
