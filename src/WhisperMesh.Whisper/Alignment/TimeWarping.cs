namespace WhisperMesh.Whisper.Alignment;

/// <summary>Dynamic time warping: the cheapest way through a matrix from corner to corner that never goes back.</summary>
internal static class TimeWarping
{
    private const byte Diagonal = 0;
    private const byte Down = 1;
    private const byte Right = 2;

    /// <summary>The column in which the path enters each row of the row-major <paramref name="cost"/>.</summary>
    public static int[] FirstColumns(ReadOnlySpan<float> cost, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cost.Length, rows * columns, nameof(cost));
        return Trace(Steps(cost, rows, columns), rows, columns);
    }

    /// <summary>For each cell, how the cheapest path came to it.</summary>
    private static byte[] Steps(ReadOnlySpan<float> cost, int rows, int columns)
    {
        var steps = new byte[rows * columns];
        var above = new float[columns];
        var current = new float[columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var at = row * columns + column;
                var (step, before) = Cheapest(above, current, row, column);
                steps[at] = step;
                current[column] = before + cost[at];
            }
            (above, current) = (current, above);
        }
        return steps;
    }

    private static (byte Step, float Before) Cheapest(float[] above, float[] current, int row, int column)
    {
        if (row == 0)
        {
            return (Right, column == 0 ? 0 : current[column - 1]);
        }
        if (column == 0)
        {
            return (Down, above[0]);
        }
        var (diagonal, down, right) = (above[column - 1], above[column], current[column - 1]);
        if (diagonal <= down && diagonal <= right)
        {
            return (Diagonal, diagonal);
        }
        return down <= right ? (Down, down) : (Right, right);
    }

    private static int[] Trace(byte[] steps, int rows, int columns)
    {
        var first = new int[rows];
        var (row, column) = (rows - 1, columns - 1);
        while (row >= 0 && column >= 0)
        {
            // Walked from the end, so the last entry is the first of the row.
            first[row] = column;
            var step = steps[row * columns + column];
            row -= step == Right ? 0 : 1;
            column -= step == Down ? 0 : 1;
        }
        return first;
    }
}
